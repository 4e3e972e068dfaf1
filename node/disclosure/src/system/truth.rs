//! What is true: figures that follow from the national tables. Sums that they contradict are set aside, because quarters that
//! are short of the semester bind nobody.

use super::{Standing, Sum, System};

impl System {
    /// Completes the figures as far as they follow, sets contradicted sums aside, and says of unwritten cells of lines without a
    /// remainder that nobody is in them: whoever adds the shown rows up sees it.
    pub(super) fn complete_truth(&mut self) {
        let mut sums: Vec<Sum> = std::mem::take(&mut self.sums).into_iter().collect();
        loop {
            let before = self.truth.iter().flatten().count();
            let mut kept = Vec::with_capacity(sums.len());
            for sum in sums {
                if self.follow(&sum) {
                    kept.push(sum);
                } else {
                    self.broken.push(sum);
                }
            }
            sums = kept;
            if self.truth.iter().flatten().count() == before {
                break;
            }
        }
        self.sums = sums.into_iter().collect();
        for at in self.unwritten.clone() {
            if self.truth[at] == Some(0) {
                self.nobody(at);
            }
        }
    }

    /// Derives what one sum says; false where it contradicts.
    fn follow(&mut self, sum: &Sum) -> bool {
        let unknown: Vec<usize> = sum.parts.iter().copied().filter(|part| self.truth[*part].is_none()).collect();
        let known: i64 = sum.parts.iter().filter_map(|part| self.truth[*part]).sum();
        match (self.truth[sum.whole], unknown.as_slice()) {
            (Some(whole), []) => whole == known,
            (None, []) => {
                self.truth[sum.whole] = Some(known);
                true
            }
            (Some(whole), _) if whole < known => false,
            (Some(whole), [one]) => {
                self.truth[*one] = Some(whole - known);
                true
            }
            (Some(whole), many) if whole == known => {
                for part in many {
                    self.truth[*part] = Some(0);
                }
                true
            }
            _ => true,
        }
    }

    /// What an outsider derives from what was known before this release: a sum with one unknown cell says it.
    pub(super) fn complete_knowledge(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            let mut learned = Vec::new();
            for sum in &self.sums {
                let known = |at: usize| if let Standing::Known(count) = self.standing[at] { Some(count) } else { None };
                let unknown: Vec<usize> = sum.parts.iter().copied().filter(|part| known(*part).is_none()).collect();
                let total: i64 = sum.parts.iter().filter_map(|part| known(*part)).sum();
                match (known(sum.whole), unknown.as_slice()) {
                    (None, []) => learned.push((sum.whole, total)),
                    (Some(whole), [one]) => learned.push((*one, whole - total)),
                    (Some(whole), many) if whole == total => learned.extend(many.iter().map(|part| (*part, 0))),
                    _ => {}
                }
            }
            for (at, count) in learned {
                if !matches!(self.standing[at], Standing::Known(_)) && self.truth[at].is_none_or(|truth| truth == count)
                {
                    self.standing[at] = Standing::Known(count);
                    self.truth[at] = Some(count);
                    changed = true;
                }
            }
        }
    }
}
