package dev.mynah.server.api;

import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.LedgerRepository;
import dev.mynah.server.billing.UsageRepository;
import dev.mynah.server.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/usage} and {@code GET /api/usage}: a caller's own figures, to the token. */
@RestController
final class UsageController {
    // The end of the year 9999.
    private static final long LAST_SECOND = 253_402_300_799L;
    private static final Duration SPAN = Duration.ofDays(30);

    private final UsageRepository usage;
    private final LedgerRepository ledger;
    private final Clock clock;

    UsageController(UsageRepository usage, LedgerRepository ledger, Clock clock) {
        this.usage = usage;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Sums over all days; the costs are micro-units. */
    record Total(long requests, long promptTokens, long cachedTokens, long completionTokens, long cost) {
        static Total of(List<UsageRepository.Day> days) {
            return new Total(
                    sum(days, UsageRepository.Day::requests),
                    sum(days, UsageRepository.Day::promptTokens),
                    sum(days, UsageRepository.Day::cachedTokens),
                    sum(days, UsageRepository.Day::completionTokens),
                    sum(days, UsageRepository.Day::cost));
        }

        private static long sum(List<UsageRepository.Day> days, ToLongFunction<UsageRepository.Day> figure) {
            return days.stream().mapToLong(figure).sum();
        }
    }

    /** What is on the wallet and what of it is held for running answers, in micro-units. */
    record Wallet(String currency, long balance, long held) {}

    record Body(
            String object,
            long startTime,
            long endTime,
            Total total,
            List<UsageRepository.Day> data,
            @Nullable Wallet wallet) {}

    private static Instant moment(String name, long seconds) {
        if (seconds < 0 || seconds > LAST_SECOND) {
            throw ApiException.badRequest(
                    "Invalid '" + name + "': it must be seconds since 1970, at most " + LAST_SECOND + ".",
                    name,
                    "invalid_value");
        }
        return Instant.ofEpochSecond(seconds);
    }

    /** @param startTime seconds since 1970, 30 days ago where absent, as {@code endTime} is now */
    @GetMapping({"/v1/usage", "/api/usage"})
    Body get(
            Caller caller,
            @RequestParam(name = "start_time", required = false) @Nullable Long startTime,
            @RequestParam(name = "end_time", required = false) @Nullable Long endTime) {
        caller.require(Scopes.USAGE);
        Instant end = endTime == null ? clock.instant().plusSeconds(1) : moment("end_time", endTime);
        Instant start = startTime == null ? end.minus(SPAN) : moment("start_time", startTime);
        List<UsageRepository.Day> days = usage.byDay(caller.organisationId(), caller.userId(), start, end);
        Wallet wallet = ledger.wallet(caller.organisationId())
                .map(balance -> new Wallet(balance.currency(), balance.balance(), balance.held()))
                .orElse(null);
        return new Body("usage", start.getEpochSecond(), end.getEpochSecond(), Total.of(days), days, wallet);
    }
}
