use super::*;
use crate::sha256;
use serde_json::json;

/// Three layers: the second hides a file, the third hides what a directory held and has its own file listed first.
fn layers() -> [Vec<u8>; 3] {
    [
        Tar::default()
            .directory("etc")
            .file("etc/gone", "1")
            .file("etc/kept", "1")
            .file("opt/old", "1")
            .file("opt/sub/old", "1")
            .done(),
        Tar::default().file("etc/.wh.gone", "").file("etc/kept", "2").file("opt/middle", "2").done(),
        Tar::default().file("opt/new", "3").file("opt/.wh..wh..opq", "").file("etc/.wh..wh.plnk", "").done(),
    ]
}

fn check(place: &Place) {
    assert!(!place.out("etc/gone").exists());
    assert_eq!(read(place.out("etc/kept")), "2");
    assert_eq!(read(place.out("opt/new")), "3");
    let opt: Vec<_> = fs::read_dir(place.out("opt")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(opt, ["new"]);
    let etc: Vec<_> = fs::read_dir(place.out("etc")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(etc, ["kept"]);
}

fn docker(layers: &[Vec<u8>], ids: &[String]) -> Vec<u8> {
    let config = json!({"rootfs": {"type": "layers", "diff_ids": ids}}).to_string();
    let name = format!("{}.json", sha256::of(config.as_bytes()));
    let folders: Vec<String> = (0..layers.len()).map(|at| format!("{at:064x}/layer.tar")).collect();
    let manifest = json!([{"Config": name, "RepoTags": ["a:b"], "Layers": folders}]).to_string();
    let mut archive = Tar::default();
    for (folder, layer) in folders.iter().zip(layers) {
        archive = archive.blob(folder, layer);
    }
    archive.file(&name, &config).file("manifest.json", &manifest).file("repositories", "{}").done()
}

fn ids(layers: &[Vec<u8>]) -> Vec<String> {
    layers.iter().map(|layer| format!("sha256:{}", sha256::of(layer))).collect()
}

/// An OCI layout whose index lists the image and an attestation, through a nested index.
fn oci(layers: &[Vec<u8>], damage: impl Fn(&str, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut archive = Tar::default().file("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#).directory("blobs/sha256");
    let mut put = |what: &str, bytes: &[u8]| {
        let digest = sha256::of(bytes);
        let name = format!("blobs/sha256/{digest}");
        archive = std::mem::take(&mut archive).blob(&name, &damage(what, bytes));
        json!({"mediaType": "x", "digest": format!("sha256:{digest}"), "size": bytes.len()})
    };
    let layers: Vec<_> = layers.iter().map(|layer| put("layer", layer)).collect();
    let manifest = json!({"schemaVersion": 2, "config": {}, "layers": layers}).to_string();
    let mut image = put("manifest", manifest.as_bytes());
    image["platform"] = json!({"os": "linux", "architecture": "amd64"});
    let mut attestation = put("attestation", b"{}");
    attestation["platform"] = json!({"os": "unknown", "architecture": "unknown"});
    let nested = json!({"manifests": [attestation, image]}).to_string();
    let nested = put("index", nested.as_bytes());
    let index = json!({"schemaVersion": 2, "manifests": [nested]}).to_string();
    archive.file("index.json", &index).done()
}

#[test]
fn a_docker_archive_is_laid_layer_on_layer() {
    let layers = layers();
    let archive = docker(&layers, &ids(&layers));
    for archive in [gzip(&archive), archive] {
        let place = Place::new();
        place.unpack(&archive).unwrap();
        check(&place);
    }
}

#[test]
fn an_oci_layout_is_laid_layer_on_layer_plain_and_gzip() {
    let plain = layers();
    for layers in [plain.clone(), plain.map(|layer| gzip(&layer))] {
        let place = Place::new();
        place.unpack(&oci(&layers, |_, bytes| bytes.to_vec())).unwrap();
        check(&place);
    }
}

#[test]
fn without_whiteouts_the_hidden_files_would_be_there() {
    let place = Place::new();
    for layer in layers() {
        place.naive(&Tar::default().directory("opt/sub").directory("etc").done());
        place.naive(&layer);
    }
    assert!(place.out("etc/gone").exists() && place.out("opt/old").exists());
}

#[test]
fn a_blob_that_isnt_what_its_digest_says_is_refused_before_a_byte_is_written() {
    let turn = |bytes: &[u8]| bytes.iter().map(|byte| if *byte == b'2' { b'9' } else { *byte }).collect::<Vec<u8>>();
    for what in ["layer", "manifest", "index"] {
        let place = Place::new();
        let archive = oci(&layers(), |kind, bytes| if kind == what { turn(bytes) } else { bytes.to_vec() });
        let error = place.unpack(&archive).unwrap_err();
        assert!(matches!(error, UnpackError::Digest { .. }), "{what}: {error}");
        assert!(!place.out("opt/middle").exists());
    }
    let mut changed = layers();
    let right = ids(&changed);
    changed[1] = turn(&changed[1]);
    let place = Place::new();
    assert!(matches!(place.unpack(&docker(&changed, &right)), Err(UnpackError::Digest { .. })));
    // The control: with the digests of the changed bytes it is accepted, and shows the change.
    let place = Place::new();
    place.unpack(&docker(&changed, &ids(&changed))).unwrap();
    assert_eq!(read(place.out("etc/kept")), "9");
}

#[test]
fn a_layer_or_an_archive_in_zstd_is_refused_in_so_many_words() {
    let zstd = [&[0x28, 0xb5, 0x2f, 0xfd][..], &[0; 600]].concat();
    let error = Place::new().unpack(&zstd).unwrap_err();
    assert!(error.to_string().contains("the archive is compressed with zstd"), "{error}");
    let error = Place::new().unpack(&oci(&[zstd], |_, bytes| bytes.to_vec())).unwrap_err();
    assert!(error.to_string().contains("is compressed with zstd"), "{error}");
}

#[test]
fn a_whiteout_cant_reach_out_of_the_tree() {
    for name in [".wh...", "../.wh.victim", "door/.wh.victim", "door/.wh..wh..opq", ".wh..", ".wh."] {
        let place = Place::new();
        fs::write(place.beside("victim"), "mine").unwrap();
        let layers = [Tar::default().link("door", "..").done(), Tar::default().file(name, "").done()];
        let _ = place.unpack(&docker(&layers, &ids(&layers)));
        assert_eq!(read(place.beside("victim")), "mine", "{name}");
    }
    // The control: without the link the same whiteout does hide its file.
    let place = Place::new();
    let layers = [Tar::default().file("door/victim", "").done(), Tar::default().file("door/.wh.victim", "").done()];
    place.unpack(&docker(&layers, &ids(&layers))).unwrap();
    assert!(place.out("door").exists() && !place.out("door/victim").exists());
}

#[test]
fn archives_whose_parts_dont_fit_together_are_refused() {
    let layer = layers()[0].clone();
    let two = Tar::default().file("manifest.json", "[]").done();
    let missing = Tar::default()
        .file("manifest.json", &format!("[{{\"Config\":\"{}.json\",\"Layers\":[]}}]", "0".repeat(64)))
        .done();
    let uneven = docker(std::slice::from_ref(&layer), &[]);
    let text = Tar::default().file("oci-layout", "{}").file("index.json", "[[[").done();
    let none = Tar::default().file("oci-layout", "{}").file("index.json", r#"{"manifests":[]}"#).done();
    for (at, archive) in [two, missing, uneven, text, none].iter().enumerate() {
        let error = Place::new().unpack(archive).unwrap_err();
        assert!(matches!(error, UnpackError::Layout(_)), "{at}: {error}");
    }
}
