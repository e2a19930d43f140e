//! The `hegui` command.

use hegui::base::source::Sources;
use hegui::judge::{cases, Settings};
fn main() {
    let mut sources = Sources::default();
    let t = std::time::Instant::now();
    let (packs, problems) = hegui::rules::load(hegui::rules::embedded::packs(), &mut sources);
    println!("{:?} {} rules", t.elapsed(), packs.rules.len());
    for p in &problems {
        println!("{} {} {} | {:?}", sources.describe(p.place()).unwrap_or_default(), p.code, p.message.en, p.help.as_ref().map(|h| &h.en));
    }
    let settings = Settings::default();
    let goals: Vec<String> = packs.goals.iter().map(|g| g.id.clone()).collect();
    let (mut n, mut bad) = (0, 0);
    for (i, rule) in packs.rules.iter().enumerate() {
        let source = sources.get(rule.source).unwrap();
        let (cs, problems) = cases::read(&packs, rule, source, &goals);
        for p in &problems {
            println!("{} {} {} | {:?}", sources.describe(p.place()).unwrap_or_default(), p.code, p.message.en, p.help.as_ref().map(|h| &h.en));
        }
        for c in &cs {
            n += 1;
            let o = cases::run(&packs, &settings, i as u16, c).unwrap();
            if !o.meets(c) {
                bad += 1;
                println!("{} {}: {} expected {:?} {:?} {:?} got {:?} {:?} {:?} readings {:?} as_of {}", sources.describe(c.place).unwrap_or_default(), rule.id, c.name, c.verdict, c.missing, c.exception, o.verdict, o.missing, o.exception, o.finding.readings(), o.finding.as_of);
            }
        }
    }
    println!("{n} cases {bad} bad");
}
