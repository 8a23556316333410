//! The same admission, asked of Cedar: its entities are loaded, its request is made, and only its answer is timed.

use super::rules::submission;
use super::site::{self, INPUTS};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression,
};
use std::collections::{HashMap, HashSet};

pub(crate) struct Cedar {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
    request: Request,
}

fn uid(kind: &str, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().expect("a type"), cedar_policy::EntityId::new(name))
}

/// The record of a label's text, or of a clearance's, which always has audiences.
fn mark(text: &str, clearance: bool) -> RestrictedExpression {
    let strings = |text: &str| {
        let names = text.split(',').filter(|name| !name.is_empty());
        RestrictedExpression::new_set(names.map(|name| RestrictedExpression::new_string(name.to_owned())))
    };
    let (level, categories) = text.split_once('/').unwrap_or((text, ""));
    let level = level.trim_start_matches('l').parse().expect("a level");
    let mut fields = vec![
        ("level".to_owned(), RestrictedExpression::new_long(level)),
        ("categories".to_owned(), strings(categories)),
    ];
    if clearance {
        fields.push(("audiences".to_owned(), strings("")));
    }
    RestrictedExpression::new_record(fields).expect("a record")
}

fn entity(kind: &str, name: &str, fields: Vec<(&str, RestrictedExpression)>, under: &[EntityUid]) -> Entity {
    let fields: HashMap<_, _> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Entity::new(uid(kind, name), fields, under.iter().cloned().collect::<HashSet<_>>()).expect("an entity")
}

impl Cedar {
    /// Knows what the site knows, and is asked what [`site::plan`] asks.
    pub(crate) fn new(label: &str) -> Self {
        let permit = site::permit("P-1", "scientist", 0..INPUTS);
        let under = [uid("Permit", &permit.name)];
        let long = RestrictedExpression::new_long;
        let roles = ["scientist", "operator"].map(|role| RestrictedExpression::new_string(role.into()));
        let mut entities = vec![
            entity("Permit", &permit.name, vec![("until", long(20_270_630)), ("top", mark(&permit.up_to, false))], &[]),
            entity("Image", "base", vec![("label", mark("l0", false))], &[]),
            entity(
                "Person",
                "scientist",
                vec![
                    ("open", RestrictedExpression::new_bool(true)),
                    ("roles", RestrictedExpression::new_set(roles)),
                    ("clearance", mark("l1", true)),
                    ("ceiling", mark(&permit.up_to, true)),
                ],
                &under,
            ),
        ];
        let mut context = vec![
            ("today".to_owned(), long(20_261_123)),
            ("label".to_owned(), mark(label, false)),
            ("author".to_owned(), mark("l1", false)),
            ("image".to_owned(), RestrictedExpression::new_entity_uid(uid("Image", "base"))),
        ];
        for number in 0..INPUTS {
            let data = site::dataset(number);
            let fields = vec![("content", mark(&data.label, false)), ("card", mark(&data.card_label, false))];
            entities.push(entity("Dataset", &data.name, fields, &under));
            let input = RestrictedExpression::new_entity_uid(uid("Dataset", &data.name));
            context.push((format!("in{number}"), input));
        }
        let context = Context::from_pairs(context).expect("a context");
        let [permit] = under;
        let request = Request::new(uid("Person", "scientist"), uid("Action", "submit"), permit, context, None);
        Self {
            policies: submission(INPUTS).parse().expect("policies"),
            entities: Entities::from_entities(entities, None).expect("entities"),
            authorizer: Authorizer::new(),
            request: request.expect("a request"),
        }
    }

    pub(crate) fn allows(&self) -> bool {
        let answer = self.authorizer.is_authorized(&self.request, &self.policies, &self.entities);
        answer.decision() == Decision::Allow
    }
}
