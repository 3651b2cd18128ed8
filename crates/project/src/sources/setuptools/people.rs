//! Authors and maintainers.

use uvshift_pyproject::Value;

use super::field::Field;
use super::metadata::reason;
use super::migration::Migration;

/// A person of `[project]`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    name: Option<String>,
    email: Option<String>,
}

impl Migration<'_> {
    pub(super) fn people(&mut self) {
        self.one_kind("author", "author_email", "authors");
        self.one_kind("maintainer", "maintainer_email", "maintainers");
    }

    fn one_kind(&mut self, name: &str, email: &str, key: &'static str) {
        let fields: Vec<Field> = self.take_told(name).into_iter().chain(self.take_told(email)).collect();
        let Some(first) = fields.first() else { return };
        if let Some(open) = fields.iter().find(|field| field.value.text().is_none()) {
            let why = reason(open);
            for field in &fields {
                self.stay_dynamic(field, &[key], why.clone());
            }
            return;
        }
        let text = |name: &str| {
            let field = fields.iter().find(|field| field.name == name);
            field.and_then(|field| field.value.text()).unwrap_or_default().trim()
        };
        let people = people(text(name), text(email));
        let value = Value::Array(people.iter().map(Person::value).collect());
        self.set(&["project"], key, value, &first.from);
        for field in &fields {
            self.carry(field, &format!("project.{key}"));
        }
    }
}

impl Person {
    fn value(&self) -> Value {
        let name = self.name.iter().map(|name| ("name".to_owned(), name.as_str().into()));
        let email = self.email.iter().map(|email| ("email".to_owned(), email.as_str().into()));
        Value::Table(name.chain(email).collect())
    }
}

/// The people behind a string of names and one of addresses, which setuptools writes as they are.
///
/// One name and one address are one person; as many names as addresses are paired. Otherwise nobody knows whose address
/// is whose, and both stand alone.
fn people(names: &str, emails: &str) -> Vec<Person> {
    let alone = |name: &str| Person { name: Some(name.to_owned()), email: None };
    if emails.contains('<') {
        let mut people: Vec<Person> = split(emails).into_iter().map(|text| full_address(&text)).collect();
        let known = |name: &str| people.iter().any(|person| person.name.as_deref() == Some(name));
        let new: Vec<Person> =
            split(names).iter().filter(|name| !known(name)).map(|name| alone(name)).collect();
        people.splice(0..0, new);
        return people;
    }
    let (name_list, email_list) = (split(names), split(emails));
    let valid = email_list.iter().all(|email| is_address(email));
    if valid && name_list.len() == email_list.len() {
        let pair = |(name, email): (&String, &String)| Person {
            name: Some(name.clone()),
            email: Some(email.clone()),
        };
        return name_list.iter().zip(&email_list).map(pair).collect();
    }
    if valid && email_list.len() == 1 && !names.is_empty() && !names.contains('@') && is_one_name(&name_list)
    {
        return vec![Person { name: Some(names.to_owned()), email: Some(emails.to_owned()) }];
    }
    let emails = email_list.into_iter().map(|email| Person { name: None, email: Some(email) });
    name_list.iter().map(|name| alone(name)).chain(emails).collect()
}

/// `Example, Inc.` is one.
fn is_one_name(names: &[String]) -> bool {
    const ENDINGS: [&str; 8] = ["Inc", "Inc.", "LLC", "Ltd", "Ltd.", "GmbH", "Jr.", "PhD"];
    names.len() < 2 || (names.len() == 2 && ENDINGS.contains(&names[1].as_str()))
}

fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|chunk| !chunk.is_empty()).map(str::to_owned).collect()
}

/// `Name <address>`
fn full_address(text: &str) -> Person {
    let parts =
        text.split_once('<').and_then(|(name, rest)| Some((name.trim(), rest.trim().strip_suffix('>')?)));
    match parts {
        Some((name, email)) if is_address(email) && !name.is_empty() => {
            Person { name: Some(name.trim_matches('"').to_owned()), email: Some(email.to_owned()) }
        }
        _ => Person { name: None, email: Some(text.to_owned()) },
    }
}

/// Whether Python's `email` takes the text for an address.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part.split('.').all(|atom| !atom.is_empty())
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(letter))
    };
    text.split_once('@').is_some_and(|(local, domain)| plain(local) && plain(domain))
}

#[cfg(test)]
mod tests {
    use super::people;

    #[track_caller]
    fn check(names: &str, emails: &str, expected: &[&str]) {
        let found: Vec<String> = people(names, emails)
            .iter()
            .map(|person| {
                format!(
                    "{}|{}",
                    person.name.as_deref().unwrap_or("-"),
                    person.email.as_deref().unwrap_or("-")
                )
            })
            .collect();
        assert_eq!(found, expected, "{names} {emails}");
    }

    #[test]
    fn names_meet_their_addresses() {
        check("Ada", "ada@mail.example", &["Ada|ada@mail.example"]);
        check("Ada", "", &["Ada|-"]);
        check("", "ada@mail.example", &["-|ada@mail.example"]);
        check(
            "Ada, Bob",
            "ada@mail.example, bob@mail.example",
            &["Ada|ada@mail.example", "Bob|bob@mail.example"],
        );
        check("Ada, Bob", "team@mail.example", &["Ada|-", "Bob|-", "-|team@mail.example"]);
        check("Example, Inc.", "team@mail.example", &["Example, Inc.|team@mail.example"]);
        check("Ada", "ada at mail", &["Ada|-", "-|ada at mail"]);
        check(
            "",
            "Ada <ada@mail.example>, bob@mail.example",
            &["Ada|ada@mail.example", "-|bob@mail.example"],
        );
        check("Ada", "Ada <ada@mail.example>", &["Ada|ada@mail.example"]);
    }
}
