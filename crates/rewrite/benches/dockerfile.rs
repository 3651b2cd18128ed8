//! How fast Dockerfiles are rewritten.

use std::collections::BTreeMap;

use divan::Bencher;
use divan::counter::BytesCount;
use uvshift_rewrite::{Became, Context, Host, RewriteOptions, Selection, UvProject, hosts};

fn main() {
    divan::main();
}

/// A stage like those of real files.
const STAGE: &str = "\
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends gcc libpq-dev \\
    # what psycopg2 is built with
    && rm -rf /var/lib/apt/lists/*
RUN pip install --upgrade pip
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
RUN python manage.py collectstatic --noinput
CMD [\"gunicorn\", \"-b\", \"0.0.0.0:8000\", \"shop:app\"]
";

fn context() -> Context {
    let project = UvProject { name: "shop".to_owned(), locked: true, ..UvProject::default() };
    let became = BTreeMap::from([("requirements.txt".to_owned(), Became::Selection(Selection::main()))]);
    Context { projects: vec![project], became, uv_version: "0.13.9".to_owned(), ..Context::default() }
}

/// One stage, and files that nobody writes. Each stage asks the whole file who copies from it; more than 100 are left alone.
#[divan::bench(args = [1, 10, 100])]
fn stages(bencher: Bencher<'_, '_>, times: usize) {
    let text = STAGE.repeat(times);
    let context = context();
    let host: Option<&Host> = hosts().iter().find(|host| host.name == "dockerfile");
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let options = RewriteOptions::default();
        host.map(|host| (host.rewrite)("Dockerfile", divan::black_box(&text), &context, &options))
    });
}
