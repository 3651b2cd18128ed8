use super::super::tests::{project, variables};

const PYPROJECT: &str = "[project]\nname = \"shop\"\nversion = \"0\"\nrequires-python = \">=3.12\"\n\
    dependencies = [\"django\", \"psycopg2\", \"redis\", \"django-environ\", \"python-decouple\", \"environs\"]\n[tool.uv]\n";

fn found(files: &[(&str, &str)]) -> uvshift_scaffold::Project {
    let mut all = vec![("pyproject.toml", PYPROJECT)];
    all.extend(files);
    project(&all).1
}

#[test]
fn the_variables_are_those_that_the_code_reads() {
    let settings = "import os\nDATABASES = {'default': {\n 'HOST': os.environ.get('DB_HOST', 'localhost'),\n\
        'PORT': os.environ.get('DB_PORT', 5432),\n 'USER': os.environ['SHOP_DB_USER'],\n 'PASSWORD': os.environ['SHOP_DBPASS'],\n\
        'NAME': os.getenv('POSTGRES_DB')}}\nREDIS_HOST = os.environ['REDIS_HOST']\nPASSWORD = os.environ.get('REDIS_PASSWORD')\n\
        APP_NAME = os.environ['APP_NAME']\n";
    assert_eq!(
        variables(&found(&[("shop/settings.py", settings)])),
        [
            "DB_HOST={host}",
            "DB_PORT=5432",
            "POSTGRES_DB=app",
            "SHOP_DBPASS=app",
            "SHOP_DB_USER=app",
            "REDIS_HOST={host}"
        ]
    );
    let nothing = found(&[("shop/settings.py", "DATABASES = {'HOST': 'localhost'}\n")]);
    assert_eq!(nothing.services.len(), 2);
    assert!(variables(&nothing).is_empty(), "nothing is read, so nothing is said: {:?}", variables(&nothing));
}

#[test]
fn a_default_tells_which_server_a_variable_is_of() {
    let settings = "import os\nBROKER = os.environ.get('CELERY_BROKER_URL', 'redis://localhost:6379/1')\n\
        LOCKS = os.environ.get('LOCKS', 'redis://localhost:6379/2')\nMAIL = os.environ.get('DATABASE_URL', 'sqlite:///db')\n";
    let pyproject = PYPROJECT.replace("\"redis\"", "\"redis\", \"pika\"");
    let found = project(&[("pyproject.toml", &pyproject), ("shop/settings.py", settings)]).1;
    assert_eq!(
        variables(&found),
        [
            "DATABASE_URL=postgresql://app:app@{host}:5432/app",
            "CELERY_BROKER_URL=redis://{host}:6379/0",
            "LOCKS=redis://{host}:6379/0"
        ]
    );
}

#[test]
fn images_names_and_logins_are_those_of_the_projects_own_files() {
    let compose = "services:\n  web:\n    build: .\n    environment:\n      DB_HOST: db\n  db:\n    image: \"postgres:${PG:-13}\"\n\
        \x20   environment:\n      - POSTGRES_DB=shop\n      - POSTGRES_USER=${DB_USER}\n      - POSTGRES_PASSWORD=$$x\n\
        \x20 cache: # fast\n    image: redis:6.2-alpine\nvolumes:\n  data:\n";
    let settings = "import os\nos.environ['DB_HOST'], os.environ['DB_NAME'], os.environ['DB_USER']\nos.environ['REDIS_URL']\n";
    let files = [
        ("docker-compose.yml", compose),
        (".env.example", "DB_USER=keeper\n"),
        ("shop/settings.py", settings),
    ];
    let found = found(&files);
    let told: Vec<_> =
        found.services.iter().map(|it| format!("{} {} {}", it.name, it.kind, it.image)).collect();
    assert_eq!(told, ["db postgres postgres:13", "cache redis redis:6.2-alpine"]);
    assert_eq!(
        variables(&found),
        ["DB_HOST={host}", "DB_NAME=shop", "DB_USER=keeper", "REDIS_URL=redis://{host}:6379/0"]
    );
    let pairs = &found.services[0].container_environment;
    assert_eq!(pairs[0], ("POSTGRES_USER".to_owned(), "keeper".to_owned()));
    assert_eq!(pairs[2], ("POSTGRES_DB".to_owned(), "shop".to_owned()));
    assert_eq!(found.services[0].health, "pg_isready -U keeper");
}

#[test]
fn a_password_that_is_no_usual_one_stays_where_it_is() {
    let of = |password: &str, file: &str| {
        let compose = format!(
            "services:\n  db:\n    image: postgres:17\n    ports: ['5432:5432']\n    environment:\n      POSTGRES_USER: shop\n      POSTGRES_PASSWORD: {password}\n"
        );
        let settings = "import os\nos.environ['DATABASE_URL']\n";
        let found = found(&[(file, &compose), ("shop/settings.py", settings)]);
        format!("{} {}", found.services[0].container_environment[1].1, variables(&found)[0])
    };
    for password in ["postgres", "my-secret-pw", "shop123", "changeme", "shop_dev_password"] {
        let url = format!("{password} DATABASE_URL=postgresql://shop:{password}@{{host}}:5432/shop");
        assert_eq!(of(password, "compose.yaml"), url);
    }
    for password in ["Xk29vLq0bT", "hunter2", "n0t!plain", "postgres48151623"] {
        let url = "app DATABASE_URL=postgresql://shop:{password}@{host}:5432/shop";
        assert_eq!(of(password, "compose.yaml"), url, "{password}");
        let own = "app DATABASE_URL=postgresql://shop:app@{host}:5432/shop";
        assert_eq!(of(password, "docker-compose.dev.yml"), own, "what is made starts a server of its own");
    }
}

#[test]
fn images_are_those_of_ci_and_of_images_that_are_built() {
    let workflow = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    services:\n      database:\n        image: postgres:12\n\
        \x20       env:\n          POSTGRES_PASSWORD: pw\n        ports: ['5432:5432']\n    steps:\n      - run: pytest\n";
    let github = found(&[(".github/workflows/test.yml", workflow)]);
    let told = |found: &uvshift_scaffold::Project| {
        found.services.iter().map(|it| format!("{} {}", it.name, it.image)).collect::<Vec<_>>()
    };
    assert_eq!(told(&github), ["database postgres:12", "redis redis:8"]);
    assert_eq!(github.services[0].container_environment[2].1, "postgres", "as the image itself does");

    let gitlab = "test:\n  services:\n    - postgres:14\n    - name: registry.example/redis:7\n      alias: cache\n    - name: redis:7\n\
        \x20     alias: fast\n  script:\n    - pytest\n";
    assert_eq!(told(&found(&[(".gitlab-ci.yml", gitlab)])), ["postgres postgres:14", "fast redis:7"]);

    let inside = "services:\n  keep:\n    image: postgres:16\n";
    assert_eq!(told(&found(&[("docker/docker-compose.yml", inside)])), ["keep postgres:16", "redis redis:8"]);
    assert_eq!(
        told(&found(&[("examples/docker-compose.yml", inside)])),
        ["postgres postgres:17", "redis redis:8"]
    );

    let built = "services:\n  store:\n    build:\n      context: .\n      dockerfile: ./compose/postgres/Dockerfile\n";
    let files =
        [("local.yml", built), ("compose/postgres/Dockerfile", "FROM docker.io/postgres:15\nCOPY . /x\n")];
    assert_eq!(told(&found(&files)), ["store docker.io/postgres:15", "redis redis:8"]);
}

#[test]
fn hostile_files_of_containers_say_nothing() {
    let compose = "services:\n  a;evil:\n    image: postgres:13\n  b:\n    image: postgres:$(evil)\n  c:\n    image: ${{ evil }}\n- - -\n:\n";
    let told = format!("{:?}", found(&[("compose.yaml", compose), (".env.sample", "=\nA;evil=redis://x\n")]));
    assert!(!told.contains("evil"), "{told}");
}

#[test]
fn a_project_that_starts_servers_says_which_it_needs_and_how_they_are_addressed() {
    let compose = "services:\n  db:\n    image: postgres:13\n    ports: ['5432:5432']\n  cache:\n    image: memcached:1\n  app:\n    environment:\n      DATABASE_URL: postgres://a:b@db/c\n";
    let settings = "import os\nos.environ['DATABASE_URL'], os.environ.get('DATABASE_NAME'), os.environ.get('REDIS_TLS_URL')\n";
    let pyproject = PYPROJECT.replace("\"redis\"", "\"elasticsearch\"");
    let files =
        [("pyproject.toml", pyproject.as_str()), ("compose.yaml", compose), ("shop/settings.py", settings)];
    let found = project(&files).1;
    let told: Vec<_> = found.services.iter().map(|it| (it.kind.as_str(), it.in_compose)).collect();
    assert_eq!(
        told,
        [("postgres", true), ("redis", false), ("memcached", false)],
        "a client alone is not enough, a variable is; what has no port cannot be reached from here"
    );
    assert_eq!(variables(&found), ["DATABASE_URL=postgres://postgres:app@{host}:5432/postgres"]);
}
