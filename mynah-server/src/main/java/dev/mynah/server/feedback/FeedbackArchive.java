package dev.mynah.server.feedback;

import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** All that a user has said of answers, as a file. */
@Component
public final class FeedbackArchive {
    private final FeedbackRepository feedback;
    private final RankingRepository rankings;
    private final JsonMapper mapper;

    FeedbackArchive(FeedbackRepository feedback, RankingRepository rankings, JsonMapper mapper) {
        this.feedback = feedback;
        this.rankings = rankings;
        this.mapper = mapper;
    }

    private record All(
            boolean consent, List<FeedbackRepository.Review> feedback, List<RankingRepository.Ranked> rankings) {}

    /** As JSON. */
    public byte[] of(String userId) {
        return mapper.writeValueAsBytes(
                new All(feedback.consent(userId).orElse(false), feedback.ofUser(userId), rankings.ofUser(userId)));
    }
}
