//! Servers that are known, and the variables that say where they are.

/// What is known of a server.
pub(super) struct Known {
    pub(super) name: &'static str,
    /// Distributions that speak with it.
    pub(super) clients: &'static [&'static str],
    /// Extras of distributions that mean it.
    pub(super) extras: &'static [(&'static str, &'static str)],
    /// What its images are called, without a version.
    pub(super) images: &'static [&'static str],
    /// The image for who has none, of 2026-11.
    pub(super) image: &'static str,
    pub(super) port: u16,
    pub(super) environment: &'static [(&'static str, &'static str)],
    /// Variables that say where it is in one address.
    pub(super) variables: &'static [&'static str],
    /// How variables that are its own begin, as in `POSTGRES_HOST`.
    pub(super) stems: &'static [&'static str],
    /// The usual first part of its address.
    pub(super) schemes: &'static [&'static str],
    pub(super) url: &'static str,
    pub(super) health: &'static str,
    pub(super) data: &'static str,
}

pub(super) const SERVICES: &[Known] = &[
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
        environment: &[
            ("POSTGRES_USER", "{user}"),
            ("POSTGRES_PASSWORD", "{password}"),
            ("POSTGRES_DB", "{database}"),
        ],
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
        stems: &["POSTGRES", "POSTGRESQL", "PG", "PGSQL", "PSQL"],
        schemes: &["postgres", "postgresql"],
        url: "postgresql://{user}:{password}@{host}:5432/{database}",
        health: "pg_isready -U {user}",
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
            ("MYSQL_USER", "{user}"),
            ("MYSQL_PASSWORD", "{password}"),
            ("MYSQL_DATABASE", "{database}"),
            ("MYSQL_ROOT_PASSWORD", "{password}"),
        ],
        variables: &["DATABASE_URL", "DB_URL", "MYSQL_URL", "MYSQL_DSN", "SQLALCHEMY_DATABASE_URI"],
        stems: &["MYSQL", "MARIADB"],
        schemes: &["mysql", "mariadb"],
        url: "mysql://{user}:{password}@{host}:3306/{database}",
        health: "mysqladmin ping -h 127.0.0.1 -u {user} -p{password}",
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
            "CELERY_RESULT_BACKEND",
            "BROKER_URL",
            "REDIS_TLS_URL",
        ],
        stems: &["REDIS", "VALKEY"],
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
        stems: &["MONGO", "MONGODB"],
        schemes: &["mongodb"],
        url: "mongodb://{host}:27017/{database}",
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
        environment: &[("RABBITMQ_DEFAULT_USER", "{user}"), ("RABBITMQ_DEFAULT_PASS", "{password}")],
        variables: &["AMQP_URL", "RABBITMQ_URL", "RABBITMQ_DSN", "CELERY_BROKER_URL", "BROKER_URL"],
        stems: &["RABBITMQ", "RABBIT", "AMQP"],
        schemes: &["amqp", "pyamqp"],
        url: "amqp://{user}:{password}@{host}:5672//",
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
        stems: &["KAFKA"],
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
        stems: &["ELASTICSEARCH", "ELASTIC", "ES"],
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
        stems: &["MEMCACHED", "MEMCACHE"],
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
        stems: &["MINIO"],
        schemes: &["minio"],
        url: "http://{host}:9000",
        health: "mc ready local",
        data: "/data",
    },
];

/// Variables that do not say which server they are of.
pub(super) const OF_ANY: &[&str] = &[
    "BROKER_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
    "CELERY_RESULT_BACKEND",
    "DATABASE_DSN",
    "DATABASE_URI",
    "DATABASE_URL",
    "DB_DSN",
    "DB_URL",
    "S3_ENDPOINT_URL",
    "SQLALCHEMY_DATABASE_URI",
    "SQLALCHEMY_DATABASE_URL",
];

impl Known {
    /// Whether who comes in has to say who it is.
    pub(super) fn has_login(&self) -> bool {
        self.environment.iter().any(|(_, value)| *value == "{user}")
    }
}

/// What a variable tells of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Host,
    Port,
    User,
    Password,
    Database,
    Url,
}

/// Ends of names, longer ones first where one ends with another.
const PARTS: &[(&str, Part)] = &[
    ("HOSTNAME", Part::Host),
    ("USERNAME", Part::User),
    ("DATABASE", Part::Database),
    ("DBNAME", Part::Database),
    ("PASSWORD", Part::Password),
    ("PASSWD", Part::Password),
    ("HOST", Part::Host),
    ("PORT", Part::Port),
    ("USER", Part::User),
    ("PASS", Part::Password),
    ("PWD", Part::Password),
    ("NAME", Part::Database),
    ("DB", Part::Database),
    ("URL", Part::Url),
    ("URI", Part::Url),
    ("DSN", Part::Url),
];

/// Stems that mean the database of the project, whichever that is.
const OF_DATABASE: &[&str] = &["DB", "DATABASE", "SQL"];

/// What a variable tells of this server, and whether the name can mean no other one: `POSTGRES_HOST`, `SHOP_DB_PORT`, `PGUSER`.
pub(super) fn part(known: &Known, variable: &str) -> Option<(Part, bool)> {
    if known.variables.contains(&variable) {
        return Some((Part::Url, !OF_ANY.contains(&variable)));
    }
    let last = |stem: &str| stem.rsplit('_').next().map(str::to_owned).unwrap_or_default();
    PARTS.iter().find_map(|(end, part)| {
        let stem = variable.strip_suffix(end)?.trim_end_matches('_');
        let of_other = |token: &str| {
            SERVICES.iter().any(|other| other.name != known.name && other.stems.contains(&token))
        };
        if stem.split('_').any(of_other) {
            return None;
        }
        let is_own = |stem: &str| known.stems.contains(&last(stem).as_str());
        // `POSTGRES_DB_HOST`
        let above =
            stem.rsplit_once('_').filter(|(_, end)| OF_DATABASE.contains(end)).map(|(above, _)| above);
        if is_own(stem) || above.is_some_and(is_own) {
            return Some((*part, true));
        }
        let is_database = matches!(known.name, "postgres" | "mysql" | "mongodb");
        (is_database && OF_DATABASE.contains(&last(stem).as_str())).then_some((*part, false))
    })
}

/// The scheme of an address, without the driver: `postgresql` of `postgresql+asyncpg://...`.
pub(super) fn scheme(value: &str) -> Option<&str> {
    value.split_once("://")?.0.split('+').next()
}
