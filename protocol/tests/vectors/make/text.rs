//! Signed notes and checkpoints.

use data_encoding::BASE64;
use vrs_protocol::checkpoint::Checkpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::note::{SignatureType, SignedNote, VerifierKey};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;

use super::{Folder, log, stranger, witness};

const ORIGIN: &str = "hub.example/region";
const TIME: u64 = 1_700_000_000;

fn verifier(name: &str, signature_type: SignatureType, key: &SigningKey) -> VerifierKey {
    VerifierKey::new(name, signature_type, key.public()).unwrap()
}

fn log_key() -> VerifierKey {
    verifier(ORIGIN, SignatureType::Ed25519, &log())
}

pub(super) fn note(folder: &mut Folder<'_>) {
    let key = || [("key", log_key().to_string())];
    let good = SignedNote::sign("first\n\nlast, ünïcode\n", ORIGIN, &log()).unwrap();
    let plain = SignedNote::sign("one line\n", ORIGIN, &log()).unwrap().to_string();
    folder.text("ok_one_line", "ok", &key(), &plain);
    folder.text("ok_empty_line_in_the_text", "ok", &key(), &good.to_string());
    let foreign = "\u{2014} stranger AAAAAAE=\n";
    folder.text("ok_foreign_signature_after", "ok", &key(), &format!("{plain}{foreign}"));
    folder.text("ok_foreign_signature_before", "ok", &key(), &plain.replace("\n\n", &format!("\n\n{foreign}")));
    folder.text(
        "ok_the_original_example",
        "ok",
        &[("key", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".to_owned())],
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
         \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    );

    let line = plain.lines().last().unwrap();
    let (start, signature) = line.rsplit_once(' ').unwrap();
    let bytes = BASE64.decode(signature.as_bytes()).unwrap();
    let with_signature = |bytes: &[u8]| format!("one line\n\n{start} {}\n", BASE64.encode(bytes));
    // The last digit before the padding has two bits to spare, which must be zero.
    let mut spare = signature.as_bytes().to_vec();
    let last = spare.len() - 2;
    spare[last] += 1;
    let spare = plain.replace(signature, std::str::from_utf8(&spare).unwrap());
    let flipped = |place: usize| {
        let mut bytes = bytes.clone();
        bytes[place] ^= 1;
        with_signature(&bytes)
    };
    for (name, expected, text) in [
        ("empty", "NoSignatures", String::new()),
        ("no_signature", "NoSignatures", "one line\n\n".to_owned()),
        ("no_empty_line", "NoSignatures", plain.replace("\n\n", "\n")),
        ("no_end_of_last_line", "NoSignatures", plain.trim_end().to_owned()),
        ("empty_line_at_the_end", "NoSignatures", format!("{plain}\n")),
        ("empty_line_between_signatures", "NotSigned", format!("{plain}\n{foreign}")),
        ("text_changed", "BadSignature", plain.replace("one", "two")),
        ("text_with_carriage_return", "ControlCharacter", plain.replacen('\n', "\r\n", 1)),
        ("text_with_tab", "ControlCharacter", plain.replacen(' ', "\t", 1)),
        ("signature_with_carriage_return", "MalformedSignature", plain.replace("=\n", "=\r\n")),
        ("hyphen_for_dash", "MalformedSignature", plain.replace('\u{2014}', "-")),
        ("dash_without_space", "MalformedSignature", plain.replace("\u{2014} ", "\u{2014}")),
        ("name_missing", "MalformedSignature", plain.replace(&format!("{ORIGIN} "), "")),
        ("name_empty", "MalformedName", plain.replace(ORIGIN, "")),
        ("name_with_plus", "MalformedName", plain.replace(ORIGIN, "hub+region")),
        ("name_with_wide_space", "MalformedName", plain.replace(ORIGIN, "hub\u{2003}region")),
        ("name_other", "NotSigned", plain.replace(ORIGIN, "hub.example/other")),
        ("key_hash_other", "NotSigned", flipped(0)),
        ("signature_changed", "BadSignature", flipped(4)),
        ("signature_short", "BadSignature", with_signature(&bytes[..67])),
        ("signature_long", "BadSignature", with_signature(&[&bytes[..], &[0]].concat())),
        ("signature_only_key_hash", "MalformedSignature", with_signature(&bytes[..4])),
        ("signature_not_padded", "MalformedSignature", plain.replace('=', "")),
        ("signature_spare_bits_set", "MalformedSignature", spare),
        ("signature_followed_by_space", "MalformedSignature", plain.replace("=\n", "= \n")),
        ("signature_true_and_false", "BadSignature", format!("{plain}{}", flipped(4).lines().last().unwrap()) + "\n"),
        ("too_many_signatures", "TooManySignatures", format!("{plain}{}", foreign.repeat(128))),
    ] {
        folder.text(&format!("bad_{name}"), expected, &key(), &text);
    }

    let vkey = log_key().to_string();
    let weak = format!("a+00000000+{}", BASE64.encode(&[&[1u8][..], &[0; 32]].concat()));
    let no_point = format!("a+00000000+{}", BASE64.encode(&[&[1u8, 2][..], &[0; 31]].concat()));
    let (start, key) = vkey.rsplit_once('+').unwrap();
    let hash = start.rsplit_once('+').unwrap().1;
    let mut key = BASE64.decode(key.as_bytes()).unwrap();
    key[0] = 2;
    let of_type_2 = format!("{start}+{}", BASE64.encode(&key));
    for (name, expected, vkey) in [
        ("hash_of_another_name", "KeyHashMismatch", vkey.replace("region", "area")),
        ("hash_missing", "MalformedKey", vkey.replace(&format!("+{hash}"), "")),
        ("hash_upper_case", "MalformedKey", vkey.replace(hash, "ABCDEF01")),
        ("type_unknown", "SignatureTypeUnknown(2)", of_type_2),
        ("key_short", "MalformedKey", vkey[..vkey.len() - 4].to_owned()),
        ("key_weak", "Key(Weak)", weak),
        ("key_not_a_point", "Key(NotAPoint)", no_point),
        (
            "type_of_cosignatures",
            "SignatureTypeUnknown(4)",
            verifier(ORIGIN, SignatureType::CosignatureV1, &log()).to_string(),
        ),
    ] {
        folder.text(&format!("bad_verifier_key_{name}"), expected, &[("key", vkey)], &plain);
    }
}

fn signed(checkpoint_text: &str, name: &str, key: &SigningKey) -> String {
    SignedNote::sign(checkpoint_text, name, key).unwrap().to_string()
}

pub(super) fn checkpoint(folder: &mut Folder<'_>) {
    let log_value = || ("log", log_key().to_string());
    let good = Checkpoint::new(ORIGIN, 412, Hash::of(b"root")).unwrap();
    let text = good.sign(&log()).unwrap().to_string();
    let empty = Checkpoint::new(ORIGIN, 0, vrs_protocol::merkle::empty_root()).unwrap();
    folder.text("ok_plain", "ok", &[log_value()], &text);
    folder.text("ok_empty_ledger", "ok", &[log_value()], &empty.sign(&log()).unwrap().to_string());

    // Bodies with a flaw, signed as they stand.
    let body = good.to_string();
    let root = BASE64.encode(&good.root().0);
    for (name, expected, body) in [
        ("root_missing", "LineMissing", format!("{ORIGIN}\n412\n")),
        ("extension_line", "ExtensionLine", format!("{body}more\n")),
        ("extension_line_empty", "ExtensionLine", format!("{body}\n")),
        ("origin_empty", "MalformedOrigin", format!("\n412\n{root}\n")),
        ("origin_of_two_words", "MalformedOrigin", format!("hub region\n412\n{root}\n")),
        ("origin_with_plus", "MalformedOrigin", format!("hub+region\n412\n{root}\n")),
        ("size_with_leading_zero", "MalformedSize", body.replace("412", "0412")),
        ("size_with_sign", "MalformedSize", body.replace("412", "+412")),
        ("size_negative", "MalformedSize", body.replace("412", "-1")),
        ("size_hexadecimal", "MalformedSize", body.replace("412", "0x19c")),
        ("size_beyond_64_bits", "MalformedSize", body.replace("412", "18446744073709551616")),
        ("size_empty", "MalformedSize", body.replace("412", "")),
        ("size_followed_by_space", "MalformedSize", body.replace("412", "412 ")),
        ("root_short", "MalformedRoot", body.replace(&root, &root[..40])),
        ("root_not_padded", "MalformedRoot", body.replace('=', "")),
        ("root_of_33_bytes", "MalformedRoot", body.replace('=', "A")),
        ("root_in_hexadecimal", "MalformedRoot", body.replace(&root, &good.root().to_string())),
        ("origin_of_another_ledger", "OtherOrigin", body.replace("region", "other")),
    ] {
        folder.text(&format!("bad_{name}"), expected, &[log_value()], &signed(&body, ORIGIN, &log()));
    }
    for (name, expected, text) in [
        ("unsigned", "Note(NoSignatures)", body.clone()),
        ("size_changed", "Note(BadSignature)", text.replace("412", "411")),
        ("signed_by_another_key", "Note(NotSigned)", signed(&body, ORIGIN, &stranger())),
        ("signed_under_another_name", "Note(NotSigned)", signed(&body, "hub.example/other", &log())),
        ("trailing_byte", "Note(NoSignatures)", format!("{text}x")),
    ] {
        folder.text(&format!("bad_{name}"), expected, &[log_value()], &text);
    }

    // Cosignatures.
    let witness_key = verifier("w.example", SignatureType::CosignatureV1, &witness());
    let values = || [log_value(), ("witness", witness_key.to_string()), ("time", TIME.to_string())];
    let line = |checkpoint: &Checkpoint, name: &str, key: &SigningKey, at: u64| {
        format!("{}\n", checkpoint.cosign(name, key, Timestamp(at)).unwrap())
    };
    let right = line(&good, "w.example", &witness(), TIME);
    let earlier = line(&good, "w.example", &witness(), TIME - 600);
    folder.text("ok_cosigned", "ok", &values(), &format!("{text}{right}"));
    folder.text("ok_cosigned_twice", "ok", &values(), &format!("{text}{right}{earlier}"));
    let bytes = BASE64.decode(right.trim_end().rsplit_once(' ').unwrap().1.as_bytes()).unwrap();
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = bytes.clone();
        change(&mut bytes);
        format!("\u{2014} w.example {}\n", BASE64.encode(&bytes))
    };
    let next = Checkpoint::new(ORIGIN, 413, good.root()).unwrap();
    let plain = witness().sign(body.as_bytes());
    for (name, expected, line) in [
        ("missing", "Note(NotSigned)", String::new()),
        ("of_another_checkpoint", "Note(BadSignature)", line(&next, "w.example", &witness(), TIME)),
        ("by_another_key", "Note(NotSigned)", line(&good, "w.example", &stranger(), TIME)),
        ("under_another_name", "Note(NotSigned)", line(&good, "v.example", &witness(), TIME)),
        ("time_changed", "Note(BadSignature)", with(&|b| b[11] ^= 1)),
        ("time_beyond_9999", "TimeOutOfRange", with(&|b| b[4] = 0x80)),
        ("short", "Note(BadSignature)", with(&|b| b.truncate(b.len() - 1))),
        ("long", "Note(BadSignature)", with(&|b| b.push(0))),
        ("without_time", "Note(BadSignature)", with(&|b| b.splice(4.., plain).for_each(drop))),
        (
            "without_first_line",
            "Note(BadSignature)",
            with(&|b| {
                let signature = witness().sign(format!("time {TIME}\n{body}").as_bytes());
                b.splice(12.., signature).for_each(drop);
            }),
        ),
        ("true_and_false", "Note(BadSignature)", format!("{right}{}", with(&|b| b[12] ^= 1))),
    ] {
        folder.text(&format!("bad_cosignature_{name}"), expected, &values(), &format!("{text}{line}"));
    }
}
