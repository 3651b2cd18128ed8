use super::super::words::words;
use super::*;

/// What files read: `NAME` for what has to be there, `NAME=` with the default for the others.
fn read(files: &[&str]) -> Vec<String> {
    let mut variables = Variables::default();
    for text in files {
        variables.read(text, &words(text));
    }
    let told = |(name, need): (String, Need)| match need {
        Need::Required => name,
        Need::Optional(default) => format!("{name}={}", default.unwrap_or_default()),
    };
    variables.finish().into_iter().map(told).collect()
}

#[test]
fn the_module_os_is_known() {
    let text = "import os\nos.environ['A1'], os.environ.get('A2'), os.getenv('A3', 'x'), os.environ.get('A4', default=3)\n\
        os.environ['A5' + x], os.environ.get('A6_' + x), environ['A7']\nos.environ.get('SECRET_KEY', 'abc')\n\
        os.environ.get('A8', compute())\nos.environ['A9'] if 'A9' in os.environ else ''\n";
    assert_eq!(read(&[text]), ["A1", "A2=", "A3=x", "A4=3", "A8=", "A9=", "SECRET_KEY="]);
}

#[test]
fn helpers_of_the_project_are_known() {
    let helpers = "def envbool(name, default=False):\n    value = os.environ.get(name)\n    return value\n\
        def need(key):\n    return os.environ[key]\ndef other(name):\n    return name\n";
    let settings = "DEBUG = envbool('DEBUG')\nTLS = helpers.envbool('TLS', True)\nKEY = need('API_URL')\nother('NOT_THIS')\n";
    assert_eq!(read(&[settings, helpers]), ["API_URL", "DEBUG=", "TLS=True"]);
}

#[test]
fn libraries_for_settings_are_known() {
    let environ = "import environ\nenv = environ.Env(DEBUG=(bool, False))\nA = env('A1')\nB = env.str('B1', default='x')\nC = env.db()\n";
    assert_eq!(read(&[environ]), ["A1", "B1=x", "DATABASE_URL", "DEBUG="]);
    let environs = "from environs import Env\nenv = Env()\nwith env.prefixed('DB_'):\n    a = env('HOST_NAME')\nb = env.int('OTHER', 3)\n";
    assert_eq!(read(&[environs]), ["DB_HOST_NAME", "OTHER=3"]);
    assert_eq!(
        read(&["from .base import env\nx = env('OF_BASE')\n", environ]).len(),
        5,
        "another file makes the object"
    );
    let decouple = "from decouple import config, Csv\nA = config('A1', default=False, cast=bool)\nB = config('B1', cast=Csv())\n";
    assert_eq!(read(&[decouple]), ["A1=False", "B1"]);
    assert_eq!(
        read(&["import dj_database_url\nD = {'default': dj_database_url.config(default='sqlite:///x')}\n"]),
        ["DATABASE_URL=sqlite:///x"]
    );
    assert_eq!(read(&["config('NOT_THIS')\nenv('NOR_THIS')\n"]), Vec::<String>::new());
}

#[test]
fn fields_of_settings_are_known() {
    let text = "class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='shop_')\n    host: str\n    port: int = 5432\n\
        \x20   names: dict[str, str] = Field(default_factory=dict)\n    other: str = Field(..., validation_alias='OTHER')\n\
        \x20   both: str = Field('x', validation_alias=AliasChoices('ONE', 'TWO'))\n    KIND: ClassVar[str] = 'x'\n\
        \x20   def method(self):\n        inner: int = 1\n\
        class More(Base):\n    model_config = {'env_prefix': 'more_'}\n    level: str = 'info'\n";
    assert_eq!(
        read(&[text]),
        ["MORE_LEVEL=info", "ONE=", "OTHER", "SHOP_HOST", "SHOP_NAMES=", "SHOP_PORT=5432", "TWO="]
    );
}

#[test]
fn hostile_code_is_read_to_its_end() {
    let deep = format!("def f(x): os.environ.get({}", "(".repeat(50_000));
    let closed = format!("env = Env({}", ")".repeat(50_000));
    let open = "env('A', ".repeat(30_000);
    let bases = format!("class A({}", "BaseSettings, ".repeat(70_000));
    assert!(read(&[&open, &bases]).is_empty());
    assert_eq!(
        read(&[&deep, &closed, "import environs", "class A(BaseSettings", "env.prefixed('X_'"]),
        Vec::<String>::new()
    );
}
