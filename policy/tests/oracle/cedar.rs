//! The rules a third time, as policies of Cedar. It has no joins, no intersections and no bounds by role: what these come to is
//! worked out naively beforehand, as a site that decided with Cedar would have to.

use crate::case::{Case, Leaving, Look};
use crate::marks::{Mark, mark};
use crate::naive;
use crate::rules::{self, Clauses, permit};
use crate::world::World;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression,
};
use semla_policy::{Date, JobPlan, Role};
use std::collections::{BTreeSet, HashMap, HashSet};

/// One world, as Cedar is told of it.
pub struct Cedar<'w> {
    world: &'w World,
    policies: HashMap<String, PolicySet>,
    entities: Entities,
    authorizer: Authorizer,
}

type Fields = Vec<(String, RestrictedExpression)>;

fn uid(kind: &str, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().unwrap(), cedar_policy::EntityId::new(name))
}

fn entity(kind: &str, name: &str) -> RestrictedExpression {
    RestrictedExpression::new_entity_uid(uid(kind, name))
}

fn strings<'a>(names: impl IntoIterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(names.into_iter().map(|name| RestrictedExpression::new_string(name.to_owned())))
}

fn roles<'a>(roles: impl IntoIterator<Item = &'a Role>) -> RestrictedExpression {
    strings(roles.into_iter().map(|role| role.name()))
}

fn number(number: impl Into<i128>) -> RestrictedExpression {
    RestrictedExpression::new_long(number.into() as i64)
}

fn label(mark: &Mark) -> RestrictedExpression {
    let mut fields = vec![
        ("level".to_owned(), number(mark.level as i128)),
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
    number(i64::from(date.year()) * 400 + i64::from(date.day_of_year()))
}

fn fields<const N: usize>(fields: [(&str, RestrictedExpression); N]) -> Fields {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The conditions of every kind of request, by its action: of some kinds they differ by the policy that something was made under.
fn conditions(world: &World) -> Vec<(String, Clauses)> {
    let mut all = vec![
        ("submit".to_owned(), rules::submission(world, "content")),
        ("rehearse".to_owned(), rules::submission(world, "card")),
        ("read".to_owned(), rules::reading()),
    ];
    for (digest, policy) in &world.policies {
        all.extend([
            (format!("review {digest}"), rules::reviewing(world, policy)),
            (format!("register {digest}"), rules::following(world, policy)),
            (format!("vote {digest}"), rules::voting(world, policy)),
            (format!("release {digest}"), rules::release(policy)),
        ]);
    }
    all
}

fn entities(world: &World) -> Entities {
    let mut all = Vec::new();
    let mut add = |kind: &str, name: &str, fields: Fields, parents: HashSet<EntityUid>| {
        all.push(Entity::new(uid(kind, name), fields.into_iter().collect::<HashMap<_, _>>(), parents).unwrap());
    };
    let groups = |kind: &str, has: &dyn Fn(&str) -> bool| {
        world.permits.keys().filter(|name| has(name)).map(|name| uid(kind, name)).collect::<HashSet<_>>()
    };
    for name in world.people.keys() {
        let person = naive::on_record(world, name).unwrap();
        let own = fields([
            ("open", RestrictedExpression::new_bool(!person.disabled)),
            ("roles", roles(&person.roles)),
            ("clearance", clearance(&naive::clearance(world.policy(), person))),
            ("ceiling", clearance(&naive::ceiling(world.policy(), person))),
        ]);
        let mut within = groups("Permit", &|permit| naive::permit(world, permit).unwrap().people.contains(name));
        within.extend(groups("Members", &|permit| naive::members_ever(world, permit).contains(name)));
        within.extend(groups("Signers", &|permit| naive::signers_ever(world, permit).contains(name)));
        add("Person", name, own, within);
    }
    for data in &world.datasets {
        let own = fields([("card", label(&mark(&data.card_label))), ("content", label(&mark(&data.label)))]);
        let within = groups("Permit", &|permit| naive::permit(world, permit).unwrap().datasets.contains(&data.name));
        add("Dataset", &data.name, own, within);
    }
    for image in &world.images {
        add("Image", &image.digest.to_string(), fields([("label", label(&mark(&image.label)))]), HashSet::new());
    }
    for name in world.permits.keys() {
        let permit = naive::permit(world, name).unwrap();
        let own = fields([
            ("until", day(permit.until)),
            ("withdrawn", RestrictedExpression::new_bool(world.withdrawn.contains(name))),
            ("top", label(&mark(&permit.up_to))),
            ("members", entity("Members", name)),
            ("signers", entity("Signers", name)),
        ]);
        add("Permit", name, own, HashSet::new());
    }
    Entities::from_entities(all, None).unwrap()
}

impl<'w> Cedar<'w> {
    pub fn new(world: &'w World) -> Self {
        let policies = conditions(world).into_iter().map(|(action, clauses)| {
            let text = permit(&action, clauses, None);
            (action, text.parse().unwrap())
        });
        Self { world, policies: policies.collect(), entities: entities(world), authorizer: Authorizer::new() }
    }

    /// The names of what has to hold for a kind of request.
    pub fn names(world: &World, kind: &str) -> Vec<&'static str> {
        let clauses =
            conditions(world).into_iter().find(|(action, _)| action.split(' ').next() == Some(kind)).unwrap().1;
        clauses.into_iter().map(|(name, _)| name).collect()
    }

    /// The same with one condition of one kind of request left out.
    pub fn without(&self, kind: &str, left_out: &str) -> HashMap<String, PolicySet> {
        let of_kind = |action: &str| match kind {
            "submit" => ["submit", "rehearse"].contains(&action),
            _ => action.split(' ').next() == Some(kind),
        };
        let some = conditions(self.world).into_iter().filter(|(action, _)| of_kind(action));
        some.map(|(action, clauses)| (action.clone(), permit(&action, clauses, Some(left_out)).parse().unwrap()))
            .collect()
    }

    /// Whether something is allowed; none where Cedar can't say.
    pub fn decides(&self, case: &Case, today: Date) -> Option<bool> {
        self.by(&self.policies, case, today)
    }

    /// As [`Self::decides`], by other policies.
    pub fn by(&self, policies: &HashMap<String, PolicySet>, case: &Case, today: Date) -> Option<bool> {
        let allows = |who: &str, action: &str, under: &str, context: Fields| {
            let context = Context::from_pairs(context).unwrap();
            let (who, asked, under) = (uid("Person", who), uid("Action", action), uid("Permit", under));
            let request = Request::new(who, asked, under, context, None).unwrap();
            let Some(policies) = policies.get(action) else { return false };
            self.authorizer.is_authorized(&request, policies, &self.entities).decision() == Decision::Allow
        };
        let look = |look: &Look, action: &str, more: Fields| {
            let mut context = self.look(look, today);
            context.extend(more);
            allows(look.name, action, look.permit, context)
        };
        let under = |action: &str, look: &Look| format!("{action} {}", look.pinned);
        let target = |to: &String| ("to", label(&mark(to)));
        Some(match case {
            Case::Submit(plan) => {
                let action = if plan.dummy { "rehearse" } else { "submit" };
                allows(&plan.submitter, action, &plan.permit, self.submission(plan, today)?)
            }
            Case::Read(seen) => look(seen, "read", Vec::new()),
            Case::Review(seen) => look(seen, &under("review", seen), Vec::new()),
            Case::Register(seen, to) => look(seen, &under("register", seen), fields([target(to)])),
            Case::Vote(seen, to, [submitter, requester]) => {
                let [submitter, requester] = [submitter, requester].map(|name| entity("Person", name));
                let more = fields([target(to), ("submitter", submitter), ("requester", requester)]);
                look(seen, &under("vote", seen), more)
            }
            Case::Release(file) => {
                let both = [file.pinned, self.world.policies.last()?.0];
                both.iter().all(|policy| allows("", &format!("release {policy}"), "", leaving(file, self.world)))
            }
        })
    }

    /// None where what it is made of has no join.
    fn submission(&self, plan: &JobPlan, today: Date) -> Option<Fields> {
        let at = naive::aims_at(self.world, plan)?;
        let mut context =
            fields([("label", label(&at)), ("today", day(today)), ("image", entity("Image", &plan.image.to_string()))]);
        context.extend(naive::author(self.world, plan).map(|mark| ("author".to_owned(), label(&mark))));
        let inputs = plan.data.values().enumerate();
        context.extend(inputs.map(|(place, name)| (format!("in{place}"), entity("Dataset", name))));
        Some(context)
    }

    fn look(&self, look: &Look, today: Date) -> Fields {
        let mut context = fields([("today", day(today))]);
        context.extend(look.label.iter().map(|text| ("label".to_owned(), label(&mark(text)))));
        let person = naive::on_record(self.world, look.name);
        let then = person.and_then(|person| naive::clearance_then(self.world, person, &look.pinned));
        context.extend(then.map(|then| ("pinned".to_owned(), clearance(&then))));
        context
    }
}

/// With how many approve who have one of the roles that a rule names.
fn leaving(file: &Leaving, world: &World) -> Fields {
    let named: BTreeSet<_> =
        world.policies.iter().flat_map(|(_, policy)| &policy.releases).map(|rule| &rule.who).collect();
    let by = named.into_iter().map(|who| (rules::by(who), number(file.by(who) as i128)));
    let by = RestrictedExpression::new_record(by).unwrap();
    fields([
        ("from", label(&mark(&file.from))),
        ("to", label(&mark(&file.to))),
        ("by", by),
        ("roles", roles(file.approvals.iter().flatten())),
        ("people", number(file.people)),
        ("bytes", number(file.bytes)),
        ("rows", number(file.rows)),
        ("kind", RestrictedExpression::new_string(file.kind.to_owned())),
        ("blocks", strings(file.blocks.iter().map(String::as_str))),
    ])
}
