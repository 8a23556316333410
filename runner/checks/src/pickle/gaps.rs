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
        let gaps = between(fields, &self.scene.kinds, record);
        let size = usize::try_from(record).unwrap_or(usize::MAX);
        let own = |record: &[u8], take: &mut dyn FnMut(&[u8])| {
            gaps.iter().filter_map(|gap| record.get(gap.clone())).for_each(take);
        };
        let (mut count, mut is_empty) = (0, true);
        if !gaps.is_empty() {
            data.records(size, |record| {
                own(record, &mut |gap| {
                    count += gap.len();
                    is_empty &= gap.iter().all(|byte| *byte == 0);
                });
            })?;
        }
        if is_empty {
            return Ok(());
        }
        self.anatomy.room.keep(count)?;
        let mut bytes = Vec::with_capacity(count);
        data.records(size, |record| own(record, &mut |gap| bytes.extend_from_slice(gap)))?;
        let bytes = bytes.into();
        nested::look_at(self, &bytes)?;
        self.anatomy.add(format!("{place} (between its fields)"), Body::Bytes(bytes))
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
