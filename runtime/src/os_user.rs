//! Who started this process, as the machine knows them: for records of what was done on the command line.

use std::fs;
use std::os::unix::fs::MetadataExt;

/// The name of the user that this process runs as, or `user NUMBER` where the machine has no name for it. Asked of the kernel
/// (the owner of `/proc/self`) and not of the environment, which anybody sets as they like.
#[must_use]
pub fn name() -> String {
    let Ok(own) = fs::metadata("/proc/self") else { return "unknown user".to_owned() };
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    named(own.uid(), &accounts).unwrap_or_else(|| format!("user {}", own.uid()))
}

/// The name of a number in the table of accounts (passwd(5): name, password, number, and more, between colons).
fn named(uid: u32, accounts: &str) -> Option<String> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_name_of_the_table() {
        let table = "root:x:0:0:root:/root:/bin/sh\nbroken\nvrs:x:990:990::/var/lib/vrs:/usr/sbin/nologin\n";
        assert_eq!(named(990, table).as_deref(), Some("vrs"));
        assert_eq!(named(0, table).as_deref(), Some("root"));
        assert_eq!(named(1, table), None);
        assert!(!name().is_empty());
    }
}
