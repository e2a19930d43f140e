//! The `hegui` command.

use hegui::base::source::Sources;
fn main() {
    let mut sources = Sources::default();
    let t = std::time::Instant::now();
    let (packs, problems) = hegui::rules::load(hegui::rules::embedded::packs(), &mut sources);
    println!("{:?} {} rules", t.elapsed(), packs.rules.len());
    for p in &problems {
        println!("{} {} {} | {:?}", sources.describe(p.place()).unwrap_or_default(), p.code, p.message.en, p.help.as_ref().map(|h| &h.en));
    }
}
