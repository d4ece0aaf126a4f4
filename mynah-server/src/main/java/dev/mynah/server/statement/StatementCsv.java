package dev.mynah.server.statement;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A statement as comma-separated values (RFC 4180). Amounts are decimal numbers of the currency; what leaves the wallet is negative. */
final class StatementCsv {
    private static final int MICRO_DIGITS = 6;
    private static final String END = "\r\n";

    private StatementCsv() {}

    static String of(Statement statement) {
        Stream<List<String>> usage = statement.usage().stream()
                .map(line -> List.of(
                        "usage",
                        "",
                        line.model(),
                        line.direction(),
                        String.valueOf(line.tokens()),
                        decimal(line.price()),
                        decimal(-line.amount())));
        Stream<List<String>> entries = statement.entries().stream()
                .map(entry -> List.of(
                        entry.kind(), entry.at().toString(), entry.reference(), "", "", "", decimal(entry.amount())));
        return Stream.of(
                        Stream.of(
                                List.of(
                                        "kind",
                                        "time",
                                        "subject",
                                        "direction",
                                        "tokens",
                                        "price_per_million",
                                        "amount_" + statement.currency()),
                                plain("opening", statement.monthStart().toString(), statement.opening())),
                        usage,
                        Stream.of(plain("rounding", "", -statement.rounding())),
                        entries,
                        Stream.of(plain("closing", statement.monthEnd().toString(), statement.closing())))
                .flatMap(rows -> rows)
                .map(row -> row.stream().map(StatementCsv::field).collect(Collectors.joining(",")) + END)
                .collect(Collectors.joining());
    }

    private static List<String> plain(String kind, String time, long amount) {
        return List.of(kind, time, "", "", "", "", decimal(amount));
    }

    private static String decimal(long micros) {
        return BigDecimal.valueOf(micros, MICRO_DIGITS).toPlainString();
    }

    /** A text that a spreadsheet would take for a formula is marked as text. */
    private static String field(String text) {
        String safe = text.matches("[=+@\t\r].*|-(?![0-9.]+$).*") ? "'" + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
