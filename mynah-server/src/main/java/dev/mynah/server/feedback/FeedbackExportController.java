package dev.mynah.server.feedback;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Role;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.feedback.FeedbackRepository.Row;
import dev.mynah.server.feedback.RankingRepository.Ranked;
import dev.mynah.server.ops.AuditLog;
import dev.mynah.server.web.ApiException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code GET /api/feedback/export?kind=conversations|rankings}: JSONL as the alignment recipe reads it, of users who agreed, with personal data masked. */
@RestController
final class FeedbackExportController {
    private static final int QUESTIONS = 200;

    private final FeedbackRepository feedback;
    private final RankingRepository rankings;
    private final AuditLog audit;
    private final JsonMapper mapper;

    FeedbackExportController(
            FeedbackRepository feedback, RankingRepository rankings, AuditLog audit, JsonMapper mapper) {
        this.feedback = feedback;
        this.rankings = rankings;
        this.audit = audit;
        this.mapper = mapper;
    }

    /** A demonstration. */
    record ConversationRecord(List<Feedback.Turn> messages, String model) {}

    /** Answers to one prompt, the best first. */
    record RankedRecord(List<Feedback.Turn> messages, List<String> answers) {}

    /** Two answers to one prompt. */
    record RankingRecord(List<Feedback.Turn> messages, String chosen, String rejected) {}

    @GetMapping("/api/feedback/export")
    void export(
            Caller caller,
            @RequestParam(name = "kind", defaultValue = "conversations") String kind,
            HttpServletResponse response)
            throws IOException {
        caller.require(Scopes.ADMIN);
        if (caller.role() != Role.ADMINISTRATOR) {
            throw ApiException.forbidden("Only administrators may do this.");
        }
        if (!kind.matches("conversations|rankings")) {
            throw ApiException.badRequest("kind is one of conversations, rankings", "kind", "invalid_value");
        }
        audit.record(caller.userId(), "feedback.export", kind, "");
        response.setContentType("application/jsonl;charset=utf-8");
        OutputStream out = response.getOutputStream();
        String after = "";
        for (Optional<String> last = feedback.lastQuestion(after, QUESTIONS);
                last.isPresent();
                last = feedback.lastQuestion(after, QUESTIONS)) {
            List<Row> rows = feedback.consented(after, QUESTIONS);
            Stream<?> records = kind.equals("rankings") ? rankings(rows).stream() : conversations(rows);
            for (Object line : records.toList()) {
                write(out, line);
            }
            after = last.get();
        }
        if (kind.equals("rankings")) {
            writeRanked(out);
        }
    }

    private void write(OutputStream out, Object line) throws IOException {
        out.write((mapper.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** What users have put in order themselves. */
    private void writeRanked(OutputStream out) throws IOException {
        String after = "";
        for (List<Ranked> page = rankings.consented(after, QUESTIONS);
                !page.isEmpty();
                page = rankings.consented(after, QUESTIONS)) {
            for (Ranked ranked : page) {
                List<String> answers = ranked.answers().stream()
                        .map(PersonalData::masked)
                        .filter(text -> !text.isBlank())
                        .distinct()
                        .toList();
                if (answers.size() > 1) {
                    write(out, new RankedRecord(masked(ranked.prompt()), answers));
                }
            }
            after = page.getLast().questionId();
        }
    }

    /** What a model should say: corrections, and answers that were good as they are. */
    private static Stream<ConversationRecord> conversations(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.good() || row.corrected() != null)
                .map(row -> {
                    String answer = Objects.requireNonNullElse(row.corrected(), row.answer());
                    Feedback.Turn turn = new Feedback.Turn("assistant", answer);
                    return new ConversationRecord(
                            masked(Stream.concat(row.prompt().stream(), Stream.of(turn))
                                    .toList()),
                            row.model());
                });
    }

    /** What is better than what: good answers than bad ones to the same prompt, corrections than what they correct. */
    private static List<RankingRecord> rankings(List<Row> rows) {
        List<RankingRecord> records = new ArrayList<>();
        for (Row row : rows) {
            String corrected = row.corrected();
            if (corrected != null) {
                add(records, row.prompt(), corrected, row.answer());
            }
            rows.stream()
                    .filter(other -> row.good()
                            && !other.good()
                            && row.questionId().equals(other.questionId())
                            && row.prompt().equals(other.prompt()))
                    .forEach(other -> add(records, row.prompt(), row.answer(), other.answer()));
        }
        return records;
    }

    private static void add(List<RankingRecord> records, List<Feedback.Turn> prompt, String chosen, String rejected) {
        String better = PersonalData.masked(chosen);
        String worse = PersonalData.masked(rejected);
        if (!better.isBlank() && !worse.isBlank() && !better.equals(worse)) {
            records.add(new RankingRecord(masked(prompt), better, worse));
        }
    }

    private static List<Feedback.Turn> masked(List<Feedback.Turn> turns) {
        return turns.stream()
                .map(turn -> new Feedback.Turn(turn.role(), PersonalData.masked(turn.content())))
                .toList();
    }
}
