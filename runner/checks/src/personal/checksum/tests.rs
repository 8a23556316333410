use super::*;

fn digits(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte - b'0').collect()
}

/// Whether exactly one last digit makes a number right, and which.
fn check_digit(body: &str, holds: fn(&[u8]) -> bool) -> Option<usize> {
    let right: Vec<usize> = (0..10).filter(|check| holds(&digits(&format!("{body}{check}")))).collect();
    (right.len() == 1).then(|| right[0])
}

#[test]
fn published_examples_hold() {
    // ISO/IEC 7812-1, annex B; the example in Verhoeff's book; ISO/IEC 7064, section 9.2.
    assert_eq!(check_digit("7992739871", luhn), Some(3));
    assert_eq!(check_digit("236", verhoeff), Some(3));
    assert_eq!(check_digit("12345", verhoeff), Some(1));
    assert_eq!(check_digit("0794", mod_11_10), Some(5));
    assert_eq!(remainder(&digits("3214282912345698765432161182"), 97), 1);
}

#[test]
fn one_wrong_digit_is_always_noticed() {
    for (number, holds) in
        [("79927398713", luhn as fn(&[u8]) -> bool), ("123451", verhoeff), ("86095742719", mod_11_10)]
    {
        let right = digits(number);
        assert!(holds(&right), "{number}");
        for place in 0..right.len() {
            for digit in (0..10).filter(|digit| *digit != right[place]) {
                let mut wrong = right.clone();
                wrong[place] = digit;
                assert!(!holds(&wrong), "{wrong:?}");
            }
        }
    }
}

#[test]
fn two_neighbours_in_the_wrong_order_are_noticed() {
    let right = digits("142857142857");
    let right = [right.as_slice(), &[check_digit("142857142857", verhoeff).unwrap() as u8]].concat();
    for place in 1..right.len() {
        let mut wrong = right.clone();
        wrong.swap(place - 1, place);
        assert_eq!(verhoeff(&wrong), wrong == right, "{wrong:?}");
    }
}

#[test]
fn nothing_has_no_check_digit() {
    assert!(!mod_11_10(&[]));
    assert!(luhn(&[]) && verhoeff(&[]), "an empty sum is zero: callers ask for a length first");
}
