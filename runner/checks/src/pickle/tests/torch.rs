//! Archives of torch.

use super::asm::*;
use crate::anatomy::{Anatomy, Body};
use crate::array::Order;
use crate::data::Data;
use crate::torch::read_torch;

fn storage(key: &str, count: i32) -> Vec<u8> {
    all(&[b"(", &text("storage"), &global("torch", "FloatStorage"), &text(key), &text("cpu"), &int(count), b"tQ"])
}

fn tensor(storage: &[u8], offset: i32, shape: [i32; 2], steps: [i32; 2]) -> Vec<u8> {
    let pair = |pair: [i32; 2]| all(&[&int(pair[0]), &int(pair[1]), b"\x86"]);
    let hooks = all(&[&global("collections", "OrderedDict"), b")R"]);
    all(&[
        &global("torch._utils", "_rebuild_tensor_v2"),
        b"(",
        storage,
        &int(offset),
        &pair(shape),
        &pair(steps),
        b"\x89",
        &hooks,
        b"tR",
    ])
}

fn archive(pickle: Vec<u8>, storages: &[(&str, &[f32])], more: &[(&str, &[u8])]) -> Looked {
    let mut members =
        vec![("a/data.pkl".to_owned(), Data::from(pickle)), ("a/version".to_owned(), b"3\n".to_vec().into())];
    for (key, values) in storages {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        members.push((format!("a/data/{key}"), bytes.into()));
    }
    members.extend(more.iter().map(|(name, content)| ((*name).to_owned(), content.to_vec().into())));
    let mut anatomy = Anatomy::default();
    let read = read_torch(&members, "", &mut anatomy);
    Looked { fault: read.err(), anatomy }
}

fn state(tensor: &[u8]) -> Vec<u8> {
    two(&[&global("collections", "OrderedDict"), b")R", &text("weight"), tensor, b"s"])
}

const SIX: &[f32] = &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

#[test]
fn tensors_are_arrays_of_their_storages() {
    let looked =
        archive(state(&tensor(&storage("0", 6), 0, [2, 3], [3, 1])), &[("0", SIX)], &[("a/byteorder", b"little")]);
    assert_eq!(looked.blocks(), Vec::<String>::new());
    assert_eq!(looked.numbers("data.pkl: [\"weight\"]"), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let [model] = looked.anatomy.estimators.as_slice() else { panic!("{:?}", looked.anatomy.estimators) };
    assert_eq!((model.class.as_str(), model.parameters), ("torch state dict", 6));
    assert_eq!(model.arrays, [("weight".to_owned(), vec![2, 3])]);
    let turned = archive(state(&tensor(&storage("0", 6), 0, [3, 2], [1, 3])), &[("0", SIX)], &[]);
    assert_eq!(turned.arrays()[0].1.order, Order::Columns);
    let scattered = archive(state(&tensor(&storage("0", 6), 0, [2, 2], [3, 2])), &[("0", SIX)], &[]);
    assert_eq!(scattered.arrays()[0].1.shape, [6]);
}

#[test]
fn what_belongs_to_no_tensor_is_told() {
    let looked = archive(state(&tensor(&storage("0", 6), 2, [1, 2], [2, 1])), &[("0", SIX), ("1", SIX)], &[]);
    assert_eq!(looked.blocks(), Vec::<String>::new());
    let spare: Vec<u64> = looked
        .anatomy
        .parts
        .iter()
        .filter_map(|part| if let Body::Bytes(data) = &part.body { Some(data.len()) } else { None })
        .collect();
    assert_eq!(spare, [8, 8, 24]);
    assert_eq!(looked.anatomy.remarks.iter().filter(|finding| finding.check == "F5").count(), 3);
}

#[test]
fn archives_that_lie_are_refused() {
    for (offset, shape, steps) in [
        (0, [7, 1], [1, 1]),
        (6, [1, 1], [1, 1]),
        (-1, [1, 1], [1, 1]),
        (0, [2, 3], [4, 1]),
        (0, [2, 2], [-1, 1]),
        (0, [i32::MAX, i32::MAX], [1, 1]),
    ] {
        let looked = archive(state(&tensor(&storage("0", 6), offset, shape, steps)), &[("0", SIX)], &[]);
        assert!(!looked.blocks().is_empty(), "{offset} {shape:?} {steps:?}");
    }
    assert!(!archive(state(&tensor(&storage("0", 5), 0, [1, 1], [1, 1])), &[("0", SIX)], &[]).blocks().is_empty());
    assert!(!archive(state(&tensor(&storage("9", 6), 0, [1, 1], [1, 1])), &[("0", SIX)], &[]).blocks().is_empty());
    let good = || state(&tensor(&storage("0", 6), 0, [2, 3], [3, 1]));
    for more in
        ["a/code/x.py", "a/constants.pkl", "a/data/x", "a/data/../0", "b/data/0", "a/extra", "a/data/0", "a/data.pkl"]
    {
        assert!(!archive(good(), &[("0", SIX)], &[(more, b"x")]).blocks().is_empty(), "{more}");
    }
    assert!(!archive(good(), &[("0", SIX)], &[("a/byteorder", b"middle")]).blocks().is_empty());
    let hooks = all(&[&global("collections", "OrderedDict"), b")RK\x01Ns"]);
    let hooked = all(&[
        &global("torch._utils", "_rebuild_parameter"),
        &tensor(&storage("0", 6), 0, [2, 3], [3, 1]),
        b"\x88",
        &hooks,
        b"\x87R",
    ]);
    assert!(!archive(state(&hooked), &[("0", SIX)], &[]).blocks().is_empty());
    assert!(!archive(two(&[&global("os", "system"), &text("id"), b"\x85R"]), &[], &[]).blocks().is_empty());
}

#[test]
fn files_of_old_torch_say_what_to_do() {
    blocks(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.", "save it again with torch.save");
}
