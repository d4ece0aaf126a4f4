package dev.mynah.server.feedback;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/admin/feedback}: what users who agree to its use say of answers, with personal data masked. */
@RestController
final class FeedbackReviewController {
    private final FeedbackRepository feedback;

    FeedbackReviewController(FeedbackRepository feedback) {
        this.feedback = feedback;
    }

    /** The newest first; with {@code rating} only those. */
    @GetMapping("/api/admin/feedback")
    Page<FeedbackRepository.Review> list(
            Caller caller,
            @RequestParam(name = "rating", defaultValue = "") String rating,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        if (!rating.matches("|good|bad")) {
            throw ApiException.badRequest("rating is good or bad", "rating", "invalid_value");
        }
        int size = Pages.size(limit);
        List<FeedbackRepository.Review> page = feedback.reviews(rating, Pages.cursor(after), size);
        return Page.of(page, size, FeedbackRepository.Review::masked, FeedbackRepository.Review::messageId);
    }
}
