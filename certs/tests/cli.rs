//! The program as an operator and a participant use it: what it prints, what it writes, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn program(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vrs-certs"));
    command.arg("--dir").arg(dir).args(arguments).stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    program(dir, arguments).output().unwrap()
}

fn facts(dir: &Path, arguments: &[&str]) -> Value {
    let output = program(dir, arguments).arg("--json").output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Refused with 1, nothing on standard output; answers what it said.
fn refused(dir: &Path, arguments: &[&str]) -> String {
    let output = run(dir, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

struct Story {
    hub: tempfile::TempDir,
    node: tempfile::TempDir,
    bundle: PathBuf,
    fingerprint: String,
}

impl Story {
    fn begin() -> Self {
        let (hub, node) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        facts(hub.path(), &["init", "--region", "Demo"]);
        let request = facts(node.path(), &["request", "--participant", "AUS"]);
        let bundle = hub.path().join("from-aus");
        fs::copy(request["bundle"].as_str().unwrap(), &bundle).unwrap();
        Self { hub, node, bundle, fingerprint: request["fingerprint"].as_str().unwrap().to_owned() }
    }

    fn sign(&self) -> Value {
        facts(self.hub.path(), &["sign", self.bundle.to_str().unwrap(), "--fingerprint", &self.fingerprint])
    }
}

#[test]
fn a_participant_asks_an_operator_signs_and_revokes() {
    let story = Story::begin();
    let hub = story.hub.path();
    let issued = story.sign();
    let chain = issued["chain"].as_str().unwrap();
    let shown = facts(hub, &["show", chain]);
    assert_eq!(shown["parts"][0]["role"], "node");
    assert_eq!(shown["parts"][0]["participant"], "AUS");
    assert_eq!(shown["parts"][0]["uris"][0], "spiffe://demo.vrs/participant/AUS/node/1");
    assert_eq!(shown["parts"][0]["serial"], issued["serial"]);
    assert_eq!(shown["parts"][1]["role"], "issuing");
    assert!(fs::read_to_string(chain).unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));

    let gone = facts(hub, &["revoke", "AUS"]);
    assert_eq!(gone["revoked"], serde_json::json!([issued["serial"]]));
    let list = facts(hub, &["show", hub.join("authority/issuing-1.crl").to_str().unwrap()]);
    assert_eq!(list["parts"][0]["revoked"][0]["serial"], issued["serial"]);
    assert_eq!(list["parts"][0]["revoked"][0]["holder"], "AUS");
    assert!(!facts(hub, &["show", chain])["parts"][0]["revoked_at"].is_null());
    assert_eq!(facts(hub, &["revoke", "AUS"])["revoked"], serde_json::json!([]));
    let said = String::from_utf8(run(hub, &["revoke", "AUS"]).stderr).unwrap();
    assert!(said.contains("by itself") && said.contains("vrs-certs sign"), "{said}");
    let unknown = refused(hub, &["revoke", "IDN"]);
    assert!(unknown.contains("IDN never had") && unknown.contains("AUS"), "{unknown}");
}

#[test]
fn the_fingerprint_decides_whether_anything_is_signed() {
    let story = Story::begin();
    let (hub, bundle) = (story.hub.path(), story.bundle.to_str().unwrap());
    let wrong = refused(hub, &["sign", bundle, "--fingerprint", "0000-0000"]);
    assert!(wrong.contains("nothing was signed") && wrong.contains("AUS"), "{wrong}");
    let none = refused(hub, &["sign", bundle]);
    assert!(none.contains("--fingerprint"), "{none}");
    assert!(!hub.join("AUS.crt").exists());

    let mut typed = program(hub, &["sign", bundle]);
    let mut child = typed.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let spoken = story.fingerprint.to_uppercase().replace('-', " ");
    child.stdin.take().unwrap().write_all(format!("{spoken}\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let asked = String::from_utf8(output.stderr).unwrap();
    assert!(asked.contains("telephone") && !asked.contains(&story.fingerprint), "{asked}");
    assert!(hub.join("AUS.crt").exists());
}

#[test]
fn asking_again_keeps_the_keys_and_the_fingerprint() {
    let story = Story::begin();
    let node = story.node.path();
    assert_eq!(facts(node, &["request", "--participant", "AUS"])["fingerprint"], story.fingerprint.as_str());
    for key in ["keys/tls.key", "keys/identity.pem"] {
        assert_eq!(fs::metadata(node.join(key)).unwrap().mode() & 0o777, 0o600, "{key}");
    }
    fs::write(node.join("AUS.bundle"), "damaged").unwrap();
    let again = facts(node, &["request", "--participant", "AUS"]);
    assert_ne!(again["fingerprint"], story.fingerprint.as_str());
    fs::remove_file(node.join("keys/tls.key")).unwrap();
    let renewed = facts(node, &["request", "--participant", "AUS"]);
    assert_ne!(renewed["fingerprint"], again["fingerprint"]);
    assert_eq!(renewed["identity"], again["identity"]);
}

#[test]
fn a_bundle_that_was_changed_on_the_way_is_refused() {
    let story = Story::begin();
    let text = fs::read_to_string(&story.bundle).unwrap();
    fs::write(&story.bundle, text.replace("participant = \"AUS\"", "participant = \"IDN\"")).unwrap();
    let bundle = story.bundle.to_str().unwrap();
    let said = refused(story.hub.path(), &["sign", bundle, "--fingerprint", &story.fingerprint]);
    assert!(said.contains("do not sign"), "{said}");
    let key = story.node.path().join("keys/tls.key");
    let said = refused(story.hub.path(), &["sign", key.to_str().unwrap(), "--fingerprint", &story.fingerprint]);
    assert!(said.contains("not a bundle") && !said.contains("-----"), "{said}");
}

#[test]
fn wrong_usage_ends_with_two_and_help_with_zero() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &[][..],
        &["init"],
        &["request"],
        &["request", "--participant", "aus"],
        &["sign"],
        &["revoke", "x"],
        &["dance"],
    ] {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
    assert_eq!(run(dir.path(), &["--help"]).status.code(), Some(0));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "wrong usage leaves nothing behind");
}

#[test]
fn without_an_authority_it_says_how_to_make_one() {
    let story = Story::begin();
    let empty = tempfile::tempdir().unwrap();
    let said = refused(empty.path(), &["sign", story.bundle.to_str().unwrap(), "--fingerprint", &story.fingerprint]);
    assert!(said.contains("vrs-certs init"), "{said}");
    assert!(refused(empty.path(), &["revoke", "AUS"]).contains("vrs-certs init"));
    let said = refused(story.hub.path(), &["init", "--region", "Other"]);
    assert!(said.contains("\"Demo\"") && said.contains("--dir"), "{said}");
}

#[test]
fn init_again_keeps_the_root_and_says_where_its_key_belongs() {
    let dir = tempfile::tempdir().unwrap();
    let first = facts(dir.path(), &["init", "--region", "Demo"]);
    assert_eq!(facts(dir.path(), &["init", "--region", "Demo"]), first);
    let said = String::from_utf8(run(dir.path(), &["init", "--region", "Demo"]).stderr).unwrap();
    assert!(said.contains("root.key") && said.contains("lock away"), "{said}");
    fs::rename(dir.path().join("authority/root.key"), dir.path().join("away")).unwrap();
    let kept_away = facts(dir.path(), &["init", "--region", "Demo"]);
    assert_eq!(kept_away["root_key_here"], false);
    assert_eq!(kept_away["root_fingerprint"], first["root_fingerprint"]);
}

#[test]
fn show_tells_every_file_and_no_secret() {
    let story = Story::begin();
    story.sign();
    let (hub, node) = (story.hub.path(), story.node.path());
    for (file, told) in [
        (hub.join("authority/root.crt"), "Root certificate of the region Demo"),
        (hub.join("authority/root.crl"), "It revokes nothing"),
        (hub.join("AUS.crt"), "Certificate of the node of AUS"),
        (story.bundle.clone(), story.fingerprint.as_str()),
        (node.join("keys/tls.key"), "Private link key"),
        (node.join("keys/identity.pem"), "Private identity key"),
    ] {
        let output = run(hub, &["show", file.to_str().unwrap()]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.contains(told), "{}: {text}", file.display());
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let key = node.join("keys/tls.key");
    let secret = fs::read_to_string(&key).unwrap();
    let shown = facts(hub, &["show", key.to_str().unwrap()]).to_string();
    assert!(secret.lines().filter(|line| !line.starts_with('-')).all(|line| !shown.contains(line)));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = String::from_utf8(run(hub, &["show", key.to_str().unwrap()]).stderr).unwrap();
    assert!(said.contains("chmod 600"), "{said}");
}

#[test]
fn ugly_files_are_refused_with_their_name_and_what_is_wrong() {
    let story = Story::begin();
    story.sign();
    let hub = story.hub.path();
    let file = |name: &str, bytes: &[u8]| {
        let path = hub.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let chain = fs::read(hub.join("AUS.crt")).unwrap();
    for (path, said) in [
        (file("cut", &chain[..chain.len() / 3]), "cut off"),
        (file("huge", &vec![b'x'; 2 << 20]), "larger than"),
        (file("empty", b""), "empty"),
        (file("text", b"Dear colleague"), "none of the files"),
        (hub.join("none").to_str().unwrap().to_owned(), "no such file"),
        (hub.to_str().unwrap().to_owned(), "not a plain file"),
    ] {
        let told = refused(hub, &["show", &path]);
        assert!(told.contains(said) && told.contains(&path), "{told}");
    }
}

#[test]
fn commands_at_the_same_time_lose_no_certificate() {
    let story = Story::begin();
    let sign = || {
        let mut command = program(
            story.hub.path(),
            &["sign", story.bundle.to_str().unwrap(), "--fingerprint", &story.fingerprint, "--json"],
        );
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..6).map(|_| sign()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let register = fs::read_to_string(story.hub.path().join("authority/register.jsonl")).unwrap();
    assert_eq!(register.lines().count(), 6);
    assert_eq!(facts(story.hub.path(), &["revoke", "AUS"])["revoked"].as_array().unwrap().len(), 6);
}

#[test]
fn other_software_reads_what_is_made_here() {
    // The demo image and most machines have it; where it is missing, rustls has checked the same in the unit tests.
    if Command::new("openssl").arg("version").output().is_err() {
        return;
    }
    let story = Story::begin();
    story.sign();
    let hub = story.hub.path();
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").current_dir(hub).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.success(), text)
    };
    let lists =
        ["authority/root.crl", "authority/issuing-1.crl"].map(|list| fs::read_to_string(hub.join(list)).unwrap());
    fs::write(hub.join("lists.pem"), lists.concat()).unwrap();
    let verify = [
        "verify",
        "-x509_strict",
        "-purpose",
        "sslclient",
        "-crl_check_all",
        "-CAfile",
        "authority/root.crt",
        "-CRLfile",
        "lists.pem",
        "-untrusted",
        "AUS.crt",
        "AUS.crt",
    ];
    let (good, said) = openssl(&verify);
    assert!(good, "{said}");
    facts(hub, &["revoke", "AUS"]);
    let lists =
        ["authority/root.crl", "authority/issuing-1.crl"].map(|list| fs::read_to_string(hub.join(list)).unwrap());
    fs::write(hub.join("lists.pem"), lists.concat()).unwrap();
    let (good, said) = openssl(&verify);
    assert!(!good && said.contains("revoked"), "{said}");
}
