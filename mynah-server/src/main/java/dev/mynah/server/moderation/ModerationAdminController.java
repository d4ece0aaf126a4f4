package dev.mynah.server.moderation;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.account.User;
import dev.mynah.server.account.UserRepository;
import dev.mynah.server.web.ApiException;
import dev.mynah.server.web.JsonObject;
import dev.mynah.server.web.Page;
import dev.mynah.server.web.Pages;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code /api/admin/moderation}: what was found (for operators too), accounts, policies, words. */
@RestController
@RequestMapping("/api/admin/moderation")
final class ModerationAdminController {
    private static final int MAX_REASON = 1_000;

    private final ItemRepository items;
    private final RuleRepository rules;
    private final RuleBook book;
    private final Violations violations;
    private final UserRepository users;

    ModerationAdminController(
            ItemRepository items, RuleRepository rules, RuleBook book, Violations violations, UserRepository users) {
        this.items = items;
        this.rules = rules;
        this.book = book;
        this.violations = violations;
        this.users = users;
    }

    /** The newest first. */
    @GetMapping("/items")
    Page<ItemRepository.Row> items(
            Caller caller,
            @RequestParam(name = "state", defaultValue = "") String state,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        if (!state.matches("|open|upheld|dismissed")) {
            throw ApiException.badRequest("state is one of open, upheld, dismissed", "state", "invalid_value");
        }
        int size = Pages.size(limit);
        return Page.of(items.page(state, Pages.cursor(after), size), size, Function.identity(), ItemRepository.Row::id);
    }

    @PatchMapping("/items/{id}")
    ItemRepository.Row decide(Caller caller, @PathVariable String id, JsonObject body) {
        caller.require(Scopes.ADMIN);
        String decision = body.requiredString("decision");
        body.finish();
        if (!decision.matches("uphold|dismiss")) {
            throw body.invalid("decision", "it is one of uphold, dismiss");
        }
        return violations
                .decide(id, decision.equals("uphold"), caller.userId())
                .orElseThrow(() -> ApiException.notFound("There is no such item."));
    }

    /** @param strikes those that count now */
    record AccountBody(String userId, int strikes, @Nullable Instant suspendedUntil, String email) {}

    @GetMapping("/accounts")
    Page<AccountBody> accounts(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        return Page.of(
                items.accounts(Pages.cursor(after), size),
                size,
                account -> new AccountBody(
                        account.userId(), violations.strikes(account), account.suspendedUntil(), account.email()),
                ItemRepository.Account::userId);
    }

    @PostMapping("/accounts/{userId}/reset")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reset(Caller caller, @PathVariable String userId) {
        caller.require(Scopes.ADMIN);
        User user = users.find(userId).orElseThrow(() -> ApiException.notFound("There is no such user."));
        violations.reset(user.id(), caller.userId());
    }

    record GuessBody(String input, String output, double threshold) {}

    /** @param classifier what is done where only the classifier finds it; null where it does not know the category */
    record PolicyBody(
            String category,
            String input,
            String output,
            String reasonZh,
            String reasonEn,
            @Nullable GuessBody classifier) {
        static PolicyBody of(Policy policy) {
            Policy.@Nullable Guess learned = policy.learned();
            return new PolicyBody(
                    policy.category().id(),
                    policy.input().id(),
                    policy.output().id(),
                    policy.chinese(),
                    policy.english(),
                    learned == null
                            ? null
                            : new GuessBody(
                                    learned.input().id(), learned.output().id(), learned.threshold()));
        }
    }

    @GetMapping("/policies")
    List<PolicyBody> policies(Caller caller) {
        caller.require(Scopes.ADMIN);
        return book.policies().values().stream().map(PolicyBody::of).toList();
    }

    /** Decides about one category. What is absent stays as it is; an empty reason brings the program's own words back. */
    @PatchMapping("/policies")
    List<PolicyBody> decide(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Category category = Category.of(body.requiredString("category"));
        PolicyChange change = change(body);
        body.finish();
        if (change.changesGuess()
                && Objects.requireNonNull(book.policies().get(category)).learned() == null) {
            throw body.invalid("classifier", "the classifier does not know this category");
        }
        book.decide(category, change, caller.userId());
        return policies(caller);
    }

    private static PolicyChange change(JsonObject body) {
        @Nullable String reason = body.string("reason").orElse(null);
        if (reason != null && (reason.length() > MAX_REASON || (reason.isBlank() && !reason.isEmpty()))) {
            throw body.invalid("reason", "it must have 1 to " + MAX_REASON + " characters, or be empty");
        }
        JsonObject guess = body.object("classifier")
                .orElseGet(() -> new JsonObject(JsonNodeFactory.instance.objectNode(), "classifier"));
        OptionalDouble threshold = guess.number("threshold", 0, 1);
        PolicyChange change = new PolicyChange(
                action(body, "input"),
                action(body, "output"),
                reason,
                action(guess, "input"),
                action(guess, "output"),
                threshold.isPresent() ? threshold.getAsDouble() : null);
        guess.finish();
        return change;
    }

    private static @Nullable Action action(JsonObject object, String key) {
        return object.string(key).map(Action::of).orElse(null);
    }

    record WordBody(String id, String category, String word) {
        static WordBody of(RuleRepository.StoredWord stored) {
            return new WordBody(
                    stored.id(), stored.word().category().id(), stored.word().text());
        }
    }

    /** Words that were added here, the oldest first; those of files are not listed. */
    @GetMapping("/words")
    Page<WordBody> words(
            Caller caller,
            @RequestParam(name = "limit", defaultValue = Pages.DEFAULT) int limit,
            @RequestParam(name = "after", defaultValue = "") String after) {
        caller.require(Scopes.ADMIN);
        int size = Pages.size(limit);
        return Page.of(rules.words(Pages.cursor(after), size), size, WordBody::of, RuleRepository.StoredWord::id);
    }

    @PostMapping("/words")
    @ResponseStatus(HttpStatus.CREATED)
    WordBody add(Caller caller, JsonObject body) {
        caller.require(Scopes.ADMIN);
        Lexicon.Word word = new Lexicon.Word(Category.of(body.requiredString("category")), body.requiredString("word"));
        body.finish();
        return book.add(word, caller.userId())
                .map(WordBody::of)
                .orElseThrow(() ->
                        ApiException.of(HttpStatus.CONFLICT, "This word is there already.", "word", "already_exists"));
    }

    @DeleteMapping("/words/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Caller caller, @PathVariable String id) {
        caller.require(Scopes.ADMIN);
        if (!book.remove(id, caller.userId())) {
            throw ApiException.notFound("There is no such word.");
        }
    }
}
