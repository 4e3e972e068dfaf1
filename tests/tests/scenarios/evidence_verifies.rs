//! The evidence of a release holds without us: the statement is signed by the key in the file beside it, and its line is the one
//! the checkpoint covers. (Other people's software verifies the same files in `tests/second`.)

use vrs_protocol::statement::Statement;
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_files_fit_together_and_the_body_comes_on_request_only() {
    let world = World::of(&["A"]).await;
    let a = world.node("A");
    a.release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;
    let number = a.number_of("IE_TOT", "2021").await;
    let view = a.node.view().await.unwrap();
    let release = view.region().releases().next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, with_body) in [("plain", false), ("with-body", true)] {
        let out = folder.path().join(name);
        a.node.evidence(&release.id.to_string(), &out, with_body).await.unwrap();
        for file in [
            "statement.cose",
            "receipt.cose",
            "line.cbor",
            "checkpoint.note",
            "key-line.cbor",
            "genesis.cbor",
            "author.pem",
            "ledger.pem",
        ] {
            assert!(out.join(file).exists(), "{file}");
        }
        assert_eq!(out.join("body.cbor").exists(), with_body);
        let statement = Statement::parse(&std::fs::read(out.join("statement.cose")).unwrap()).unwrap();
        statement.verify(&a.node.keys().identity().unwrap().public()).unwrap();
        assert_eq!(statement.id(), release.id);
    }
    assert!(number > 0);
}
