//! What measuring adds to a run: a program that does nothing, started plainly and measured.

fn main() {
    divan::main();
}

#[cfg(unix)]
mod unix {
    use uvshift_process::{CommandSpec, Measurer as _, SystemMeasurer};

    #[divan::bench(sample_count = 500)]
    #[expect(clippy::disallowed_methods, reason = "the plain start that the measured one is compared with")]
    fn plain(bencher: divan::Bencher<'_, '_>) {
        bencher.bench(|| std::process::Command::new("/bin/true").status());
    }

    #[divan::bench(sample_count = 500)]
    fn measured(bencher: divan::Bencher<'_, '_>) {
        let measurer = SystemMeasurer::new("/tmp");
        let spec = CommandSpec::new("/bin/true");
        bencher.bench(|| measurer.measure(&spec));
    }

    /// What the figure itself says, which is what a sample has.
    #[divan::bench(sample_count = 500)]
    fn wall(bencher: divan::Bencher<'_, '_>) {
        let measurer = SystemMeasurer::new("/tmp");
        let spec = CommandSpec::new("/bin/true");
        bencher
            .counter(divan::counter::ItemsCount::new(1_u32))
            .bench(|| divan::black_box(measurer.measure(&spec).map(|it| it.wall)));
    }
}
