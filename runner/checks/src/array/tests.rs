#![allow(clippy::unwrap_used)]

use super::{Array, Number, Order};

/// All numbers, a few at a time.
fn values(array: &Array) -> Vec<f64> {
    let (mut all, few) = (Vec::new(), 7);
    while (all.len() as u64) < array.len() {
        array.read(all.len() as u64, few.min((array.len() - all.len() as u64) as usize), &mut all).unwrap();
    }
    assert!(array.read(array.len(), 1, &mut Vec::new()).is_err());
    all
}

#[test]
fn numbers_of_every_kind_are_read_in_both_byte_orders() {
    for (number, little, value) in [
        (Number::F16, vec![0x00, 0x3e], 1.5),
        (Number::Bf16, vec![0xc0, 0x3f], 1.5),
        (Number::F32, 1.5f32.to_le_bytes().to_vec(), 1.5),
        (Number::F64, (-1.5f64).to_le_bytes().to_vec(), -1.5),
        (Number::I8, vec![0xff], -1.0),
        (Number::I16, vec![0xfe, 0xff], -2.0),
        (Number::I32, (-3i32).to_le_bytes().to_vec(), -3.0),
        (Number::I64, (-4i64).to_le_bytes().to_vec(), -4.0),
        (Number::U8, vec![0xff], 255.0),
        (Number::U16, vec![0x01, 0x02], 513.0),
        (Number::U32, u32::MAX.to_le_bytes().to_vec(), 4_294_967_295.0),
        (Number::U64, (1u64 << 52).to_le_bytes().to_vec(), (1u64 << 52) as f64),
        (Number::Bool, vec![1], 1.0),
    ] {
        let three = little.repeat(3);
        let mut array = Array::packed(number, vec![3], Order::Rows, three.into());
        assert_eq!(values(&array), [value; 3], "{number:?}");
        let big: Vec<u8> = little.iter().rev().copied().collect();
        array.data = big.repeat(3).into();
        array.big_endian = true;
        assert_eq!(values(&array), [value; 3], "{number:?}");
    }
}

#[test]
fn fields_of_records_are_read_over_the_others() {
    let many = 100;
    let bytes: Vec<u8> =
        (0..many).flat_map(|at| [&[7; 3][..], &(at as u16).to_le_bytes(), &[9; 2][..]].concat()).collect();
    let data = crate::data::Data::from(bytes).after(3).unwrap();
    let array = Array { step: 7, ..Array::packed(Number::U16, vec![many as u64], Order::Rows, data) };
    assert_eq!(values(&array), (0..many).map(|at| f64::from(at as u16)).collect::<Vec<_>>());
}

#[test]
fn a_shape_promises_no_more_than_the_bytes_hold() {
    let array = |shape: &[u64]| Array::packed(Number::F32, shape.to_vec(), Order::Rows, vec![0; 41].into());
    assert_eq!(array(&[2, 5]).len(), 10);
    assert_eq!(array(&[2, 4]).len(), 8);
    assert_eq!(array(&[1000]).len(), 10);
    assert_eq!(array(&[u64::MAX, u64::MAX]).len(), 10);
    assert_eq!(array(&[u64::MAX, u64::MAX]).promised(), None);
    assert_eq!(array(&[0, 5]).len(), 0);
    assert_eq!(array(&[]).len(), 1);
    assert_eq!(Array::packed(Number::F64, vec![3], Order::Rows, vec![0; 7].into()).len(), 0);
    assert_eq!(values(&array(&[u64::MAX])), [0.0; 10]);
}

#[test]
fn integers_are_packed_into_as_many_bytes_as_the_largest_needs() {
    let packed = |values: &[i64], most: u64| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let array = Array::packed(Number::I64, vec![values.len() as u64], Order::Rows, bytes.into());
        array.packed_bytes(most).unwrap().bytes().unwrap()
    };
    assert_eq!(packed(&[1, 255, -128], 100), [1, 255, 128]);
    assert_eq!(packed(&[1, 256], 100), [1, 0, 0, 1]);
    assert_eq!(packed(&[-1, 1 << 31], 100), [255, 255, 255, 255, 0, 0, 0, 128]);
    assert_eq!(packed(&[1 << 40, 2], 100), [0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(packed(&[1; 101], 100).len(), 808, "what is too much stays as it is");
}

#[test]
fn bytes_of_a_field_are_its_own_alone() {
    let wide = |at: i64| [&[7; 3][..], &(1i64 << 40 | at).to_le_bytes(), &[9; 2][..]].concat();
    let data = crate::data::Data::from((0..100).flat_map(wide).collect::<Vec<u8>>()).after(3).unwrap();
    let array = Array { step: 13, ..Array::packed(Number::I64, vec![100], Order::Rows, data) };
    let expected: Vec<u8> = (0..100).flat_map(|at| (1i64 << 40 | at).to_le_bytes()).collect();
    assert_eq!(array.packed_bytes(10_000).unwrap().bytes().unwrap(), expected);
}
