//! What lies between the fields of records: zeros or what was in memory before, and sometimes what somebody put there.

use super::kind::{Field, Kind};
use super::nested;
use super::walk::Walk;
use crate::anatomy::{Body, Fault};
use crate::data::Data;
use std::ops::Range;

impl Walk<'_, '_> {
    /// Adds the bytes of records that are no field's, if there are others than zeros.
    pub(super) fn gaps(&mut self, place: &str, fields: &[Field], record: u64, data: &Data) -> Result<(), Fault> {
        for gap in between(fields, &self.scene.kinds, record) {
            let bytes = data.of_each(usize::try_from(record).unwrap_or(usize::MAX), &gap)?;
            if bytes.iter().any(|byte| *byte != 0) {
                self.anatomy.room.keep(bytes.len())?;
                let bytes = bytes.into();
                nested::look_at(self, &bytes)?;
                self.anatomy.add(format!("{place} (between its fields)"), Body::Bytes(bytes))?;
            }
        }
        Ok(())
    }
}

/// Which bytes of a record belong to no field.
fn between(fields: &[Field], kinds: &[Kind], record: u64) -> Vec<Range<usize>> {
    let size = |field: &Field| kinds.get(field.kind as usize).map_or(0, |kind| kind.size);
    let mut taken: Vec<(u64, u64)> =
        fields.iter().map(|field| (field.offset, field.offset.saturating_add(size(field)))).collect();
    taken.sort_unstable();
    taken.push((record, record));
    let (mut end, mut gaps) = (0, Vec::new());
    for (from, to) in taken {
        if from > end {
            gaps.push(end as usize..from as usize);
        }
        end = end.max(to);
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::super::kind::What;
    use super::{Field, Kind, between};
    use crate::array::Number;

    #[test]
    fn gaps_are_what_no_field_has() {
        let kind = |number: Number| Kind {
            what: What::Number(number),
            size: number.size() as u64,
            big_endian: false,
            objects: false,
        };
        let kinds = [kind(Number::I64), kind(Number::U8)];
        let field = |kind, offset| Field { name: String::new(), kind, offset };
        assert_eq!(between(&[field(0, 0), field(1, 16)], &kinds, 24), [8..16, 17..24]);
        assert!(between(&[field(1, 8), field(0, 0)], &kinds, 9).is_empty());
        assert_eq!(between(&[field(1, 0)], &kinds, 3), vec![1..3; 1]);
    }
}
