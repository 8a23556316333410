//! The rules a third time, as policies of Cedar. It has no joins, no intersections and no bounds by role: what these come to is
//! worked out naively beforehand, as a site that decided with Cedar would have to.

use crate::naive::{self, Mark};
use crate::rules::{reading, submission};
use crate::world::World;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression,
};
use semla_policy::{Date, JobPlan, Role};
use std::collections::{HashMap, HashSet};

/// The inputs that a request has room for.
const INPUTS: usize = 3;

/// One world, as Cedar is told of it.
pub struct Cedar {
    policies: PolicySet,
    entities: Entities,
    authorizer: Authorizer,
}

fn uid(kind: &str, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().unwrap(), cedar_policy::EntityId::new(name))
}

fn strings<'a>(names: impl IntoIterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(names.into_iter().map(|name| RestrictedExpression::new_string(name.to_owned())))
}

fn label(mark: &Mark) -> RestrictedExpression {
    let mut fields = vec![
        ("level".to_owned(), RestrictedExpression::new_long(mark.level as i64)),
        ("categories".to_owned(), strings(mark.categories.iter().copied())),
    ];
    fields.extend(mark.audiences.iter().map(|to| ("audiences".to_owned(), strings(to.iter().copied()))));
    RestrictedExpression::new_record(fields).unwrap()
}

/// A clearance always has audiences, if only none.
fn clearance(mark: &Mark) -> RestrictedExpression {
    label(&Mark { audiences: Some(mark.audiences.clone().unwrap_or_default()), ..mark.clone() })
}

fn day(date: Date) -> RestrictedExpression {
    RestrictedExpression::new_long(i64::from(date.year()) * 400 + i64::from(date.day_of_year()))
}

impl Cedar {
    /// With all conditions of a submission, or all but one.
    pub fn new(world: &World, left_out: Option<usize>) -> Self {
        let text = [
            submission("submit", "content", INPUTS, left_out),
            submission("rehearse", "card", INPUTS, left_out),
            reading(),
        ];
        let entity =
            |kind: &str, name: &str, fields: Vec<(&str, RestrictedExpression)>, permits: HashSet<EntityUid>| {
                let fields: HashMap<_, _> = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
                Entity::new(uid(kind, name), fields, permits).unwrap()
            };
        let under = |fits: &dyn Fn(&semla_policy::Permit) -> bool| {
            world.permits.iter().filter(|permit| fits(permit)).map(|permit| uid("Permit", &permit.name)).collect()
        };
        let mut all = Vec::new();
        for person in &world.people {
            let fields = vec![
                ("open", RestrictedExpression::new_bool(!person.disabled)),
                ("roles", strings(person.roles.iter().map(|role: &Role| role.name()))),
                ("clearance", clearance(&naive::clearance(world, person))),
                ("ceiling", clearance(&naive::ceiling(world, person))),
            ];
            all.push(entity("Person", &person.name, fields, under(&|permit| permit.people.contains(&person.name))));
        }
        for data in &world.datasets {
            let fields =
                vec![("card", label(&naive::mark(&data.card_label))), ("content", label(&naive::mark(&data.label)))];
            all.push(entity("Dataset", &data.name, fields, under(&|permit| permit.datasets.contains(&data.name))));
        }
        for image in &world.images {
            let fields = vec![("label", label(&naive::mark(&image.label)))];
            all.push(entity("Image", &image.digest.to_string(), fields, HashSet::new()));
        }
        for permit in &world.permits {
            let fields = vec![("until", day(permit.until)), ("top", label(&naive::mark(&permit.up_to)))];
            all.push(entity("Permit", &permit.name, fields, HashSet::new()));
        }
        Self {
            policies: text.concat().parse().unwrap(),
            entities: Entities::from_entities(all, None).unwrap(),
            authorizer: Authorizer::new(),
        }
    }

    /// Whether a plan is admitted at a label.
    pub fn admits(&self, world: &World, plan: &JobPlan, at: &Mark, today: Date) -> bool {
        let mut context = vec![
            ("label".to_owned(), label(at)),
            ("today".to_owned(), day(today)),
            ("image".to_owned(), RestrictedExpression::new_entity_uid(uid("Image", &plan.image.to_string()))),
        ];
        context.extend(naive::author(world, plan).map(|mark| ("author".to_owned(), label(&mark))));
        for (place, name) in plan.data.values().enumerate() {
            context.push((format!("in{place}"), RestrictedExpression::new_entity_uid(uid("Dataset", name))));
        }
        self.allows(&plan.submitter, if plan.dummy { "rehearse" } else { "submit" }, &plan.permit, context)
    }

    /// Whether somebody may read something that belongs to a permit.
    pub fn may_read(&self, name: &str, at: Option<&Mark>, under: &str, reviewer: bool, today: Date) -> bool {
        let mut context = vec![("today".to_owned(), day(today))];
        context.extend(at.map(|mark| ("label".to_owned(), label(mark))));
        self.allows(name, if reviewer { "review" } else { "read" }, under, context)
    }

    fn allows(&self, who: &str, action: &str, under: &str, context: Vec<(String, RestrictedExpression)>) -> bool {
        let context = Context::from_pairs(context).unwrap();
        let (who, action, under) = (uid("Person", who), uid("Action", action), uid("Permit", under));
        let request = Request::new(who, action, under, context, None).unwrap();
        self.authorizer.is_authorized(&request, &self.policies, &self.entities).decision() == Decision::Allow
    }
}
