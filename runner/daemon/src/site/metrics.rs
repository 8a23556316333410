//! Metrics for those who run and watch the site: by label, and only of labels that the asker is cleared for. Of permits and people they
//! tell nothing.

use super::Site;
use super::seen::Sight;
use crate::fault::{Fault, machine};
use prometheus::{Encoder, IntGaugeVec, Opts, Registry, TextEncoder};
use semla_policy::{Refusal, Role};

/// A gauge: its name, what it says, its labels beside `label`, and the question whose rows are label, those labels and count.
struct Gauge {
    name: &'static str,
    help: &'static str,
    by: &'static [&'static str],
    sql: &'static str,
}

const GAUGES: [Gauge; 5] = [
    Gauge {
        name: "semla_jobs",
        help: "jobs by label and state",
        by: &["state"],
        sql: "SELECT body ->> '$.marking.label', state, count(*) FROM job GROUP BY 1, 2",
    },
    Gauge {
        name: "semla_checks_waiting",
        help: "runs of checks that haven't answered, by label",
        by: &[],
        sql: "SELECT r.body ->> '$.marking.label', count(*) FROM checking c JOIN release r ON r.id = c.release GROUP BY 1",
    },
    Gauge {
        name: "semla_requests_open",
        help: "requests for release that aren't over, by label and state",
        by: &["state"],
        sql: "SELECT body ->> '$.marking.label', state, count(*) FROM release
              WHERE state IN ('draft', 'checking', 'in-review', 'changes-requested', 'approved') GROUP BY 1, 2",
    },
    Gauge {
        name: "semla_budget_bits_spent",
        help: "bits told to people who aren't cleared, by label",
        by: &[],
        // What is told of a request, and when something ended, is charged to a part of it: what stands before the first `/` is the whole.
        sql: "SELECT coalesce(j.body ->> '$.marking.label', r.body ->> '$.marking.label'), sum(bits)
              FROM (SELECT substr(about, 1, instr(about || '/', '/') - 1) AS id, bits FROM told) t
              LEFT JOIN job j ON j.id = t.id LEFT JOIN release r ON r.id = t.id GROUP BY 1",
    },
    Gauge {
        name: "semla_ledger_entries",
        help: "entries of the ledger by label",
        by: &[],
        sql: "SELECT body ->> '$.label', count(*) FROM entry GROUP BY 1",
    },
];

impl Site {
    /// The metrics as Prometheus reads them. They are asked for all day long: that somebody does is recorded once a day.
    pub(crate) fn metrics(&mut self, name: &str) -> Result<String, Fault> {
        let roles = &self.person(name)?.roles;
        if ![Role::Operator, Role::Officer, Role::Auditor].iter().any(|role| roles.contains(role)) {
            return Err(Refusal::new(1, "only operators, officers and auditors see metrics", "ask one of them").into());
        }
        let lowest = self.lowest();
        self.saw(name, &[Sight::free(&lowest, "metrics", "metrics", "")])?;
        let clearance = self.registry().clearance(self.person(name)?);
        let admits = |label: &str| self.registry().label(label).is_ok_and(|label| clearance.admits(&label));
        let registry = Registry::new();
        let broken = || machine::<prometheus::Error>("count");
        for gauge in &GAUGES {
            let by: Vec<&str> = ["label"].iter().chain(gauge.by).copied().collect();
            let counts = IntGaugeVec::new(Opts::new(gauge.name, gauge.help), &by).map_err(broken())?;
            let mut rows = self.db.prepare_cached(gauge.sql)?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let mut values = Vec::new();
                for place in 0..by.len() {
                    values.push(row.get::<_, Option<String>>(place)?.unwrap_or_default());
                }
                if values.first().is_some_and(|label| admits(label)) {
                    counts.get_metric_with_label_values(&values).map_err(broken())?.set(row.get(by.len())?);
                }
            }
            registry.register(Box::new(counts)).map_err(broken())?;
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&registry.gather(), &mut text).map_err(broken())?;
        String::from_utf8(text).map_err(machine("count"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_that_were_told_of_a_part_of_something() {
        let db = crate::db::empty();
        let body = |label: &str| format!(r#"{{"marking":{{"label":"{label}"}}}}"#);
        let job =
            "INSERT INTO job (id, permit, submitter, state, created, body) VALUES ('j-1', 'P', 'anna', 'ended', 0, ?1)";
        let release = "INSERT INTO release (id, permit, state, expires, body) VALUES ('r-1', 'P', 'released', 0, ?1)";
        db.execute(job, [body("internal")]).expect("a job");
        db.execute(release, [body("confidential")]).expect("a request");
        for (about, bits) in [("j-1", 4), ("j-1/end", 2), ("r-1/0/checks", 10), ("r-1/0/checks/end", 3)] {
            db.execute("INSERT INTO told (permit, about, bits, at) VALUES ('P', ?1, ?2, 0)", (about, bits))
                .expect("bits");
        }
        let gauge = GAUGES.iter().find(|gauge| gauge.name == "semla_budget_bits_spent").expect("the gauge");
        let mut rows = db.prepare(gauge.sql).expect("a question");
        let rows = rows.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).expect("rows");
        let counts: Vec<_> = rows.map(|row| row.expect("a row")).collect();
        assert_eq!(counts, [("confidential".to_owned(), 13), ("internal".to_owned(), 6)]);
    }
}
