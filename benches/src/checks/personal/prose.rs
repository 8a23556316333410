//! Ordinary text, as jobs write it: tables of numbers, logs, reports, and now and then something about a person.

use std::fmt::Write;

const SENTENCES: [&str; 12] = [
    "The area under the receiver operating characteristic was computed on the held-out fold of each site.",
    "Missing values were imputed with the median of the training rows; no row was dropped for that reason.",
    "A gradient boosting model with 300 trees, depth 4 and a learning rate of 0.05 was trained with early stopping.",
    "Calibration was poor below a predicted risk of 2 %, and good between 5 % and 40 % (Brier score 0.081).",
    "Die Modelle wurden mit fünffacher Kreuzvalidierung verglichen; der Unterschied war kleiner als die Streuung.",
    "Patientinnen über 80 Jahre waren in den Trainingsdaten selten, weshalb die Schätzungen dort unsicher sind.",
    "Les variables ont été standardisées avant l'entraînement, et les valeurs extrêmes ont été conservées.",
    "Le seuil de décision a été choisi sur l'échantillon de validation, de sorte que la sensibilité dépasse 90 %.",
    "De resultaten per ziekenhuis staan in de tabel; kleine groepen werden samengevoegd voor publicatie.",
    "D'Resultater goufen fir all Zentrum eenzel gerechent an duerno zesummegefaasst.",
    "Neither the token embeddings nor the names of the columns were changed between version 2.3.1 and version 2.4.0.",
    "See https://docs.example.org/models/forest?version=2#depth for what `max_depth` and `min_samples_leaf` mean.",
];

const RARE: [&str; 4] = [
    "Questions: data.office@example.org, Tel. +352 26 12 34 56.",
    "Rückfragen an Frau Dr. Beispiel, E-Mail beispiel@klinik.example, Telefon 0651 1234567.",
    "The refund goes to GB82 WEST 1234 5698 7654 32, reference 2024-118.",
    "export SERVICE_PASSWORD='Tr0ub4dor&3x'",
];

/// So many megabytes of it, the same in every run.
pub(super) fn text(megabytes: usize) -> String {
    let mut text = String::with_capacity((megabytes << 20) + 4096);
    let mut state = 7_u64;
    // Knuth's MMIX generator.
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut second = 0;
    while text.len() < megabytes << 20 {
        let (part, lines) = (draw(4), 10 + draw(30));
        for _ in 0..lines {
            second += draw(9);
            let (hour, minute) = (second / 3600 % 24, second / 60 % 60);
            // Writing to a `String` never fails.
            let _ = match part {
                0 => writeln!(
                    text,
                    "{},{},0.{:06},{}.{:03},{:.6e},{},2024-{:02}-{:02}",
                    draw(100_000),
                    ["north", "south", "east"].get(draw(3) as usize).unwrap_or(&""),
                    draw(1_000_000),
                    draw(300),
                    draw(1000),
                    draw(1_000_000) as f64 / 977.0,
                    draw(2),
                    1 + draw(12),
                    1 + draw(28),
                ),
                1 => writeln!(
                    text,
                    "2024-03-{:02} {hour:02}:{minute:02}:{:02},{:03} INFO train.py:{} epoch={} step={} loss={:.4} lr={:.1e} eta={}s",
                    1 + draw(28),
                    second % 60,
                    draw(1000),
                    draw(400),
                    draw(50),
                    draw(200_000),
                    draw(50_000) as f64 / 10_000.0,
                    draw(1000) as f64 / 1e6,
                    draw(4000),
                ),
                2 => writeln!(
                    text,
                    "{{\"name\": \"layer{}.attention.weight\", \"shape\": [{}, {}], \"mean\": {:.8}, \"md5\": \"{:08x}{:08x}{:08x}{:08x}\"}}",
                    draw(48),
                    64 << draw(5),
                    64 << draw(5),
                    draw(2_000_000) as f64 / 1e6 - 1.0,
                    draw(1 << 32),
                    draw(1 << 32),
                    draw(1 << 32),
                    draw(1 << 32),
                ),
                _ => writeln!(text, "{}", SENTENCES.get(draw(12) as usize).unwrap_or(&"")),
            };
        }
        if draw(8) == 0 {
            text.push_str(RARE.get(draw(4) as usize).unwrap_or(&""));
            text.push('\n');
        }
    }
    text
}
