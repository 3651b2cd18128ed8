//! Servers that the code talks to: from what it depends on, from compose files, and from the variables it reads.

use uvshift_project::Tree;
use uvshift_scaffold::Service;

use super::code::Code;
use super::declared::Declared;
use super::is_plain;

/// What is known of a server.
struct Known {
    name: &'static str,
    /// Distributions that speak with it.
    clients: &'static [&'static str],
    /// Extras of distributions that mean it.
    extras: &'static [(&'static str, &'static str)],
    /// What its images are called, without a version.
    images: &'static [&'static str],
    /// The image for who has none, of 2026-11.
    image: &'static str,
    port: u16,
    environment: &'static [(&'static str, &'static str)],
    /// The variables that usually say where it is, the usual one first.
    variables: &'static [&'static str],
    /// The usual first part of its address.
    schemes: &'static [&'static str],
    url: &'static str,
    health: &'static str,
    data: &'static str,
}

const SERVICES: &[Known] = &[
    Known {
        name: "postgres",
        clients: &[
            "psycopg",
            "psycopg2",
            "psycopg2-binary",
            "psycopg-binary",
            "asyncpg",
            "pg8000",
            "aiopg",
            "psycopg-pool",
        ],
        extras: &[("django-environ", "postgres"), ("tortoise-orm", "asyncpg"), ("databases", "asyncpg")],
        images: &["postgres", "postgis/postgis", "pgvector/pgvector", "timescale/timescaledb"],
        image: "postgres:17",
        port: 5432,
        environment: &[("POSTGRES_USER", "app"), ("POSTGRES_PASSWORD", "app"), ("POSTGRES_DB", "app")],
        variables: &[
            "DATABASE_URL",
            "DATABASE_URI",
            "DATABASE_DSN",
            "DB_URL",
            "DB_DSN",
            "POSTGRES_URL",
            "POSTGRES_DSN",
            "POSTGRESQL_URL",
            "PG_DSN",
            "SQLALCHEMY_DATABASE_URI",
            "SQLALCHEMY_DATABASE_URL",
        ],
        schemes: &["postgres", "postgresql"],
        url: "postgresql://app:app@{host}:5432/app",
        health: "pg_isready -U app",
        data: "/var/lib/postgresql/data",
    },
    Known {
        name: "mysql",
        clients: &["mysqlclient", "pymysql", "aiomysql", "asyncmy", "mysql-connector-python"],
        extras: &[("tortoise-orm", "asyncmy"), ("databases", "aiomysql")],
        images: &["mysql", "mariadb"],
        image: "mysql:8.4",
        port: 3306,
        environment: &[
            ("MYSQL_USER", "app"),
            ("MYSQL_PASSWORD", "app"),
            ("MYSQL_DATABASE", "app"),
            ("MYSQL_ROOT_PASSWORD", "app"),
        ],
        variables: &["DATABASE_URL", "DB_URL", "MYSQL_URL", "MYSQL_DSN", "SQLALCHEMY_DATABASE_URI"],
        schemes: &["mysql", "mariadb"],
        url: "mysql://app:app@{host}:3306/app",
        health: "mysqladmin ping -h 127.0.0.1 -u app -papp",
        data: "/var/lib/mysql",
    },
    Known {
        name: "redis",
        clients: &["redis", "aioredis", "django-redis", "flask-redis", "rq", "arq", "redis-om", "valkey"],
        extras: &[("celery", "redis"), ("kombu", "redis"), ("dramatiq", "redis"), ("faststream", "redis")],
        images: &["redis", "valkey/valkey", "redis/redis-stack-server"],
        image: "redis:8",
        port: 6379,
        environment: &[],
        variables: &[
            "REDIS_URL",
            "REDIS_URI",
            "REDIS_DSN",
            "CACHE_URL",
            "CELERY_BROKER_URL",
            "BROKER_URL",
            "REDIS_TLS_URL",
        ],
        schemes: &["redis"],
        url: "redis://{host}:6379/0",
        health: "redis-cli ping",
        data: "/data",
    },
    Known {
        name: "mongodb",
        clients: &["pymongo", "motor", "mongoengine", "beanie", "odmantic"],
        extras: &[],
        images: &["mongo"],
        image: "mongo:8",
        port: 27017,
        environment: &[],
        variables: &["MONGODB_URL", "MONGODB_URI", "MONGO_URL", "MONGO_URI", "MONGO_DSN", "DATABASE_URL"],
        schemes: &["mongodb"],
        url: "mongodb://{host}:27017/app",
        health: "mongosh --quiet --eval 1",
        data: "/data/db",
    },
    Known {
        name: "rabbitmq",
        clients: &["pika", "aio-pika", "aiormq", "amqpstorm"],
        extras: &[("dramatiq", "rabbitmq"), ("faststream", "rabbit")],
        images: &["rabbitmq"],
        image: "rabbitmq:4",
        port: 5672,
        environment: &[("RABBITMQ_DEFAULT_USER", "app"), ("RABBITMQ_DEFAULT_PASS", "app")],
        variables: &["AMQP_URL", "RABBITMQ_URL", "RABBITMQ_DSN", "CELERY_BROKER_URL", "BROKER_URL"],
        schemes: &["amqp", "pyamqp"],
        url: "amqp://app:app@{host}:5672//",
        health: "rabbitmq-diagnostics -q ping",
        data: "/var/lib/rabbitmq",
    },
    Known {
        name: "kafka",
        clients: &["kafka-python", "confluent-kafka", "aiokafka"],
        extras: &[("faststream", "kafka"), ("faststream", "confluent")],
        images: &["apache/kafka", "confluentinc/cp-kafka"],
        image: "apache/kafka:4.1.0",
        port: 9092,
        environment: &[],
        variables: &["KAFKA_BOOTSTRAP_SERVERS", "KAFKA_BROKERS", "KAFKA_URL"],
        schemes: &["kafka"],
        url: "{host}:9092",
        health: "/opt/kafka/bin/kafka-topics.sh --bootstrap-server localhost:9092 --list",
        data: "",
    },
    Known {
        name: "elasticsearch",
        clients: &["elasticsearch", "elasticsearch-dsl", "django-elasticsearch-dsl"],
        extras: &[],
        images: &["elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch"],
        image: "elasticsearch:9.1.4",
        port: 9200,
        environment: &[("discovery.type", "single-node"), ("xpack.security.enabled", "false")],
        variables: &["ELASTICSEARCH_URL", "ELASTIC_URL", "ES_URL"],
        schemes: &["elasticsearch"],
        url: "http://{host}:9200",
        health: "curl -fsS http://localhost:9200/_cluster/health",
        data: "/usr/share/elasticsearch/data",
    },
    Known {
        name: "memcached",
        clients: &["pymemcache", "python-memcached", "pylibmc", "aiomcache"],
        extras: &[],
        images: &["memcached"],
        image: "memcached:1.6",
        port: 11211,
        environment: &[],
        variables: &["MEMCACHED_URL", "MEMCACHE_URL", "MEMCACHED_SERVERS"],
        schemes: &["memcached"],
        url: "{host}:11211",
        health: "",
        data: "",
    },
    Known {
        name: "minio",
        clients: &["minio"],
        extras: &[],
        images: &["minio/minio"],
        image: "minio/minio:RELEASE.2025-09-07T16-13-09Z",
        port: 9000,
        environment: &[("MINIO_ROOT_USER", "app"), ("MINIO_ROOT_PASSWORD", "app-secret")],
        variables: &["MINIO_ENDPOINT", "MINIO_URL", "S3_ENDPOINT_URL"],
        schemes: &["minio"],
        url: "http://{host}:9000",
        health: "mc ready local",
        data: "/data",
    },
];

/// Variables that do not say which server they are of.
const OF_ANY: &[&str] = &[
    "BROKER_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "DATABASE_DSN",
    "DATABASE_URI",
    "DATABASE_URL",
    "DB_DSN",
    "DB_URL",
    "S3_ENDPOINT_URL",
    "SQLALCHEMY_DATABASE_URI",
    "SQLALCHEMY_DATABASE_URL",
];

/// Names of compose files.
const COMPOSE: &[&str] = &["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
/// Files with values for development.
const EXAMPLES: &[&str] = &[".env.example", ".env.sample", ".env.template", ".env.dist", "env.example"];

/// Every server, in the order of the table.
pub(super) fn all(tree: &Tree, declared: &Declared, code: &Code) -> Vec<Service> {
    let images: Vec<String> =
        COMPOSE.iter().filter_map(|file| tree.text(file)).flat_map(|text| images(&text)).collect();
    let examples: Vec<String> = EXAMPLES.iter().filter_map(|file| tree.text(file)).collect();
    let mut services: Vec<Service> = Vec::new();
    let has_redis = SERVICES.iter().any(|known| known.name == "redis" && is_used(known, declared));
    for known in SERVICES {
        let image = images.iter().find(|image| known.images.contains(&without_version(image)));
        let named = variable_of_example(known, &examples);
        // Without a word about its broker Celery takes RabbitMQ.
        let is_broker = known.name == "rabbitmq"
            && declared.is_used("celery")
            && !has_redis
            && !declared.asks("celery", "sqs");
        let is_read =
            known.variables.iter().any(|name| !OF_ANY.contains(name) && code.environment.contains(*name));
        if image.is_none() && named.is_none() && !is_used(known, declared) && !is_broker && !is_read {
            continue;
        }
        let taken: Vec<&str> = services.iter().map(|service| service.variable.as_str()).collect();
        let variable = named.unwrap_or_else(|| variable(known, code, &taken));
        services.push(service(known, image, variable, declared));
    }
    services
}

fn is_used(known: &Known, declared: &Declared) -> bool {
    known.clients.iter().any(|client| declared.is_used(client))
        || known.extras.iter().any(|(client, extra)| declared.is_used(client) && declared.asks(client, extra))
}

fn service(known: &Known, image: Option<&String>, variable: String, declared: &Declared) -> Service {
    let image = image.filter(|image| image.contains(':'));
    let image = image.cloned().unwrap_or_else(|| known.image.to_owned());
    let is_mariadb = without_version(&image) == "mariadb";
    let health = if is_mariadb { "healthcheck.sh --connect --innodb_initialized" } else { known.health };
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Service {
        name: known.name.to_owned(),
        port: known.port,
        container_environment: known.environment.iter().map(pair).collect(),
        variable,
        url: url(known, declared),
        health: health.to_owned(),
        data: data(known, &image),
        image,
    }
}

/// The address as `sqlalchemy` wants it where that is what reads it, with the driver that is there.
fn url(known: &Known, declared: &Declared) -> String {
    let has = |name: &str| declared.is_used(name) || declared.asks("sqlalchemy", name);
    let uses_sqlalchemy =
        ["sqlalchemy", "sqlmodel", "flask-sqlalchemy", "alembic"].iter().any(|name| has(name));
    let driver = match known.name {
        "postgres" if uses_sqlalchemy && has("asyncpg") => "+asyncpg",
        "postgres" if uses_sqlalchemy && has("psycopg") => "+psycopg",
        "postgres" if uses_sqlalchemy && has("pg8000") => "+pg8000",
        "mysql" if uses_sqlalchemy && has("aiomysql") => "+aiomysql",
        "mysql" if uses_sqlalchemy && has("asyncmy") => "+asyncmy",
        "mysql" if uses_sqlalchemy && has("pymysql") => "+pymysql",
        _ => return known.url.to_owned(),
    };
    known.url.replacen("://", &format!("{driver}://"), 1)
}

/// From 18 on the image of `postgres` has its volume one folder higher.
fn data(known: &Known, image: &str) -> String {
    let image = image.split('@').next().unwrap_or(image);
    let tag = image.rsplit_once(':').map(|(_, tag)| tag).unwrap_or_default();
    let major: Option<u32> =
        tag.split(['.', '-']).next().and_then(|major| major.trim_start_matches("pg").parse().ok());
    if known.name == "postgres" && major.is_some_and(|major| major >= 18) {
        return "/var/lib/postgresql".to_owned();
    }
    known.data.to_owned()
}

/// The variable of this server that the code reads, else the usual one that no other server has.
fn variable(known: &Known, code: &Code, taken: &[&str]) -> String {
    let is_free = |name: &&&str| !taken.contains(*name);
    let read = known.variables.iter().filter(is_free).find(|name| code.environment.contains(**name));
    let usual = || known.variables.iter().find(is_free);
    read.or_else(usual).copied().unwrap_or_default().to_owned()
}

/// A variable whose value in an example has the scheme of this server.
fn variable_of_example(known: &Known, examples: &[String]) -> Option<String> {
    let lines = examples.iter().flat_map(|text| text.lines());
    lines.filter_map(|line| line.trim().split_once('=')).find_map(|(name, value)| {
        let value = value.trim().trim_matches(['"', '\'']);
        let scheme = value.split_once("://")?.0;
        let scheme = scheme.split('+').next().unwrap_or(scheme);
        let name = name.trim().trim_start_matches("export ");
        (known.schemes.contains(&scheme) && is_plain(name, "")).then(|| name.to_owned())
    })
}

/// The images that a compose file names.
fn images(text: &str) -> Vec<String> {
    let values = text.lines().filter_map(|line| line.trim().strip_prefix("image:"));
    values
        .map(|value| value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']).to_owned())
        .filter(|image| is_plain(image, "/:@"))
        .collect()
}

/// `docker.io/library/postgres:17@sha256:...` is `postgres`.
fn without_version(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    let image = image.strip_prefix("library/").unwrap_or(image);
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}
