//! Which projects of all other sources are migrated, as data.

use crate::projects::{CELERY, Case, Ends, NUMPY, Source, part, whole};

/// A package that says what it depends on in such a place; its wheel is built before and after.
const fn package(source: Source, name: &'static str, version: &'static str, sha256: &'static str) -> Case {
    Case { source, wheel: true, ..whole(name, version, sha256) }
}

/// setup.py is not read to its end without running it: the project's own build is asked.
const fn built(case: Case) -> Case {
    Case { flags: &["--run-build"], ..case }
}

const fn unlockable(case: Case, why: &'static str) -> Case {
    Case { ends: Ends::Unlockable(why), ..case }
}

/// By source, and within a source from plain to strange.
pub(crate) const PACKAGES: &[Case] = &[
    // A requirements file beside it, the version by a regular expression in a function.
    package(
        Source::SetupPy,
        "bleach",
        "6.1.0",
        "0a31f1837963c41d46bbf1331b8778e1308ea0791db03cc4e7357b97cf42a8fe",
    ),
    // An extra made of the others, the version from a file that is executed.
    package(
        Source::SetupPy,
        "paramiko",
        "3.4.0",
        "aac08f26a31dc4dffd92821527d1682d99d52f9ef6851968114a8728f3c274d3",
    ),
    // Markers as names of extras, requirements files read.
    package(
        Source::SetupPy,
        "docker",
        "6.1.3",
        "aa6d17830045ba5ef0168d5eaa34d37beeb113948c413affe1d5991fc11f9a20",
    ),
    // The version from a text file, requirements with markers as extras.
    package(
        Source::SetupPy,
        "scrapy",
        "2.11.2",
        "dfbd565384fc3fffeba121f5a3a2d0899ac1f756d41432ca0879933fbfb3401d",
    ),
    // All metadata from an executed `__version__.py`.
    package(
        Source::SetupPy,
        "requests",
        "2.31.0",
        "942c5a758f98d790eaed1a29cb6eefc7ffb0d1cf7af05c3d2791656dbd6ad1e1",
    ),
    // Metadata by a function with a regular expression.
    package(
        Source::SetupPy,
        "pyopenssl",
        "24.1.0",
        "cabed4bfaa5df9f1a16c0ef64a0cb65318b5cd077a7eda7d6970131ca2f41a6f",
    ),
    // A C extension that may fail to build.
    package(
        Source::SetupPy,
        "simplejson",
        "3.19.2",
        "9eb442a2442ce417801c912df68e1f6ccfcd41577ae7274953ab3ad24ef7d82c",
    ),
    // Entry points as one text, the package imported for its version.
    package(
        Source::SetupPy,
        "gunicorn",
        "20.1.0",
        "e0a968b5ba15f8a328fdfd7ab1fcb5af4470c28aaf7e55df02a99bc13138e6e8",
    ),
    // Lists, sums of lists, extras.
    package(
        Source::SetupPy,
        "elasticsearch",
        "7.17.9",
        "66c4ece2adfe7cc120e2b6a6798a1fd5c777aecf82eec39bb95cef7cfc7ea2b3",
    ),
    package(
        Source::SetupCfg,
        "flake8",
        "7.0.0",
        "33f96621059e65eec474169085dc92bf26e7b2d47366b70be2f67ab80dc25132",
    ),
    package(
        Source::SetupCfg,
        "pre-commit",
        "3.7.1",
        "8ca3ad567bc78a4972a3f1a477e94a79d4597e8140a6e0b651c5e33899c3654a",
    ),
    package(
        Source::SetupCfg,
        "twine",
        "4.0.2",
        "9e102ef5fdd5a20661eb88fad46338806c3bd32cf1db729603fe3697b1bc83c8",
    ),
    package(
        Source::SetupCfg,
        "jsonschema",
        "3.2.0",
        "c8a85b28d377cc7737e46e2d9f2b4f44ee3c0e1deac6bf46ddefc7187d30797a",
    ),
    package(
        Source::SetupCfg,
        "tox",
        "3.28.0",
        "d0d28f3fe6d6d7195c27f8b054c3e99d5451952b54abdae673b71609a581f640",
    ),
    package(
        Source::SetupCfg,
        "pytest",
        "7.4.4",
        "2cf0005922c6ace4a3e2ec8b4080eb0d9753fdc93107415332f50ce9e7994280",
    ),
    // And setup.py with a C extension.
    package(
        Source::SetupCfg,
        "markupsafe",
        "2.1.5",
        "d283d37a890ba4c1ae73ffadf8046435c76e7bc2247bbb63c00bd1a709c6544b",
    ),
    package(
        Source::Poetry,
        "rich",
        "13.7.1",
        "9be308cb1fe2f1f57d67ce99e95af38a1e2bc71ad9813b0e247cf7ffbcc3a432",
    ),
    unlockable(
        package(
            Source::Poetry,
            "isort",
            "5.13.2",
            "48fdfcb9face5d58a4f6dde2e72a1fb8dcaf8ab26f95ab49fab84c2ddefb0109",
        ),
        "its group asks for types-pkg-resources>=0.1.2, and all of these are yanked",
    ),
    package(
        Source::Poetry,
        "commitizen",
        "3.27.0",
        "5874d0c7e8e1be3b75b1b0a2269cffe3dd5c843b860d84b0bdbb9ea86e3474b8",
    ),
    package(
        Source::Poetry,
        "poetry",
        "1.8.3",
        "67f4eb68288eab41e841cc71a00d26cf6bdda9533022d0189a145a34d0a35f48",
    ),
    // Several constraints for one package.
    package(
        Source::Poetry,
        "datamodel-code-generator",
        "0.25.6",
        "466f56de876947b73d4a4cd0c947ce37f63f68f2f6c0ce1477045d1e6e495da5",
    ),
    // Plugins.
    package(
        Source::Poetry,
        "returns",
        "0.22.0",
        "c7bd85bd1e0041b44fe46c7e2f68fcc76a0546142c876229e395174bcd674f37",
    ),
    // A src layout.
    package(
        Source::Poetry,
        "textual",
        "0.58.1",
        "3a01be0b583f2bce38b8e9786b75ed33dddc816bba502d8e7a9ca3ca2ead3957",
    ),
    // With poetry.lock, and a `[project]` without a version, so that the original does not build any more.
    Case {
        wheel: false,
        ..package(
            Source::Poetry,
            "pyshacl",
            "0.25.0",
            "91e87ed04ccb29aa47abfcf8a3e172d35a8831fce23a011cfbf35534ce4c940b",
        )
    },
    // setup.py reads the Pipfile.
    built(package(
        Source::Pipfile,
        "zappa",
        "0.59.0",
        "239c25eb949cadafc6dc2efe94230191d3e99c1bf437529d99bb933ff409d55e",
    )),
    built(package(
        Source::Pipfile,
        "zappa",
        "0.63.0",
        "1ab6e245ae22bb5998b6083b5c15ccab023615b012c3c7f4c6a08a62cef37c5d",
    )),
    // Both with pdm.lock.
    package(
        Source::Pdm,
        "litestar-granian",
        "0.2.0",
        "08e45713604fed48bc2ddcd7e6b29c0072aa999871f69faed59b04a01905e73f",
    ),
    package(
        Source::Pdm,
        "litestar-saq",
        "0.1.15",
        "732ec59f16de33020c21c8c889f5200e2429a48e0137a0b9ba57f985c1bd315d",
    ),
    package(Source::Pdm, "pdm", "2.15.4", "58e225850567dcadce42418db4638996df2b1378cd0830cd48afda1b455d9c72"),
    package(
        Source::Pdm,
        "unearth",
        "0.15.2",
        "381f3e6969db0b28d9fc2fbfb216860579bf341bd695472f2c62e2bcce9e6d3d",
    ),
    package(
        Source::Flit,
        "flit",
        "3.0.0",
        "b4fe0f84a1ffbf125d003e253ec98c0b6e3e31290b31fba3ad22d28588c20893",
    ),
    package(
        Source::Flit,
        "jeepney",
        "0.7.1",
        "fa9e232dfa0c498bd0b8a3a73b8d8a31978304dcef0515adc859d4e096f96f4f",
    ),
    package(
        Source::Flit,
        "typer",
        "0.4.0",
        "63c3aeab0549750ffe40da79a1b524f60e08a2cbc3126c520ebf2eeaf507f5dd",
    ),
    Case {
        source: Source::Conda,
        ends: Ends::MigratedButRefused,
        flags: &["--skip-refused"],
        ..whole("numpy", "2.5.5", NUMPY)
    },
    Case {
        source: Source::Conda,
        ..part(
            "cartopy",
            "0.23.0",
            "231f37b35701f2ba31d94959cca75e6da04c2eea3a7f14ce1c75ee3b0eae7676",
            "environment.yml",
        )
    },
    Case {
        source: Source::Pipfile,
        old_index: true,
        ..part(
            "pipenv",
            "2018.11.26",
            "a673e606e8452185e9817a987572b55360f4d28b50831ef3b42ac3cab3fee846",
            "examples/",
        )
    },
    Case {
        flags: &["--skip-refused"],
        ends: Ends::MigratedButRefused,
        ..package(Source::SetupPy, "celery", "5.7.0", CELERY)
    },
    package(
        Source::SetupPy,
        "requests",
        "2.18.4",
        "9c443e7324ba5b85070c4a818ade28bfabedf16ea10206da1132edaa6dda237e",
    ),
    package(
        Source::Poetry,
        "rich",
        "15.0.0",
        "edd07a4824c6b40189fb7ac9bc4c52536e9780fbbfbddf6f1e2502c31b068c36",
    ),
];
