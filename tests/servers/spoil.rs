//! Telling a lie: a truthful answer goes in, one thing about it is changed, or about the world that it speaks of.

use serde_json::{Value, json};

use super::http::{Answer, Received};
use super::lies::{How, Lie};
use super::reply::Reply;
use super::world::World;

/// The answer that the lie makes of a truthful one; what the world remembers may change with it.
pub(crate) fn spoil(lie: &Lie, request: &Received, reply: Reply, world: &mut World) -> Answer {
    match &lie.how {
        How::Status(_) | How::Cut | How::Html | How::HtmlType | How::Empty => spoil_whole(&lie.how, reply.answer),
        How::Absent(_) | How::Retyped(_) | How::Changed(..) | How::OtherId(_) | How::InArray => {
            spoil_json(&lie.how, reply, world)
        }
        How::CredentialsUnchecked | How::ForeignServed => {
            let request = world.as_owner(request.clone(), &reply);
            world.truthful(&request).answer
        }
        How::OneUnchecked(header) => {
            let right = if *header == "X-API-KEY" { world.mytpe.key.clone() } else { world.mytpe.secret.clone() };
            world.truthful(&request.clone().with_header(header, &right)).answer
        }
        How::WithoutEffect => {
            world.set_deleted(&reply, false);
            reply.answer
        }
        How::DeletesAnyway => {
            world.set_deleted(&reply, true);
            reply.answer
        }
        How::PageStaysOpen => {
            world.reopen_page(&reply);
            reply.answer
        }
    }
}

fn spoil_whole(how: &How, mut answer: Answer) -> Answer {
    match how {
        How::Status(status) => answer.status = *status,
        How::Cut => answer.body.truncate(answer.body.len() / 2),
        How::Html => {
            answer.body = b"<!doctype html><title>Sorry</title><p>We will be back soon.".to_vec();
            return answer.with_header("Content-Type", "text/html; charset=utf-8");
        }
        How::HtmlType => return answer.with_header("Content-Type", "text/html; charset=utf-8"),
        _ => answer.body.clear(),
    }
    answer
}

fn spoil_json(how: &How, reply: Reply, world: &World) -> Answer {
    let mut body = reply.answer.json().unwrap();
    match how {
        How::Absent(pointer) => {
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            body.pointer_mut(parent).and_then(Value::as_object_mut).unwrap().remove(name).unwrap();
        }
        How::Retyped(pointer) => {
            let value = body.pointer_mut(pointer).unwrap();
            *value = of_another_type(value);
        }
        How::Changed(pointer, changed) => *body.pointer_mut(pointer).unwrap() = changed.clone(),
        How::OtherId(pointer) => *body.pointer_mut(pointer).unwrap() = json!(world.another_id(&reply)),
        _ => body = json!([body]),
    }
    Answer { body: body.to_string().into_bytes(), ..reply.answer }
}

/// What a careless serializer would make of a value: of `1` the text, of a text a number, of a list an object.
fn of_another_type(value: &Value) -> Value {
    match value {
        Value::Null => json!(false),
        Value::Bool(_) | Value::Number(_) => json!(value.to_string()),
        Value::String(_) => json!(7),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item.clone())).collect(),
        Value::Object(_) => json!([]),
    }
}
