package dev.mynah.server.answer;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.engine.Watermark;
import dev.mynah.model.SamplingDefaults;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.EmailAddresses;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.Billing;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.provider.CombinedGeneration;
import dev.mynah.server.provider.ModelRequest;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.PreparedEmbeddings;
import dev.mynah.server.provider.PreparedGeneration;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.provider.RegisteredModel;
import dev.mynah.server.provider.Watermarking;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks models: finds the model and the caller's plan, and makes an order of a question. */
@Component
public final class Inference {
    private final Models models;
    private final AskerRepository askers;
    private final Billing billing;
    private final ContentGuard guard;
    private final Watermarking watermarking;
    private final EmailAddresses addresses;
    private final Clock clock;

    Inference(
            Models models,
            AskerRepository askers,
            Billing billing,
            ContentGuard guard,
            Watermarking watermarking,
            EmailAddresses addresses,
            Clock clock) {
        this.models = models;
        this.askers = askers;
        this.billing = billing;
        this.guard = guard;
        this.watermarking = watermarking;
        this.addresses = addresses;
        this.clock = clock;
    }

    /**
     * What is asked.
     *
     * @param id        the name of the answer
     * @param endpoint  where it is asked, such as {@code /v1/chat/completions}
     * @param messageId the message of a conversation that the answer becomes, or null
     * @param prompts   at least one
     * @param sampling  how the tokens of each answer are chosen
     * @param form      what each answer may look like
     * @param choices   how many answers to each prompt, at least 1
     */
    public record Question(
            String id,
            Caller caller,
            String endpoint,
            @Nullable String messageId,
            String model,
            List<Prompt> prompts,
            SamplingOptions sampling,
            AnswerForm form,
            int choices) {
        public Question {
            prompts = List.copyOf(prompts);
        }
    }

    /**
     * Checks a question, its content and whether its model can answer it, without starting anything. One that is refused for its content is answered with the refusal, for nothing.
     *
     * @throws GenerationSuspendedException            if the caller may not ask now
     * @throws PaymentDisputedException                if the caller's organisation disputes a payment
     * @throws UnknownModelException                   if there is no such model, or it may not be used
     * @throws dev.mynah.engine.PromptTooLongException if a prompt leaves no room in the model's context
     * @throws IllegalArgumentException                if the model cannot do what is asked for
     */
    public AnswerOrder order(Question question) {
        return order(question, Terms.USUAL);
    }

    /** As {@link #order(Question)}, on other terms. */
    public AnswerOrder order(Question question, Terms terms) {
        question.caller().require(Scopes.INFERENCE);
        addresses.requireVerified(question.caller());
        Models.Available available = models.find(
                        question.model(), question.caller().organisationId())
                .orElseThrow(() -> new UnknownModelException(question.model()));
        RegisteredModel model = terms.of(available.model());
        AskerRepository.Asker asker = asker(question.caller());
        if (asker.suspendedUntil() != null && asker.suspendedUntil().isAfter(clock.instant())) {
            throw new GenerationSuspendedException(asker.suspendedUntil());
        }
        Plan plan = terms.of(asker.plan());
        requireRoom(question.caller(), plan, available);
        PreparedGeneration generation = prepare(question, question.prompts(), available, plan);
        // What is too long for the model is refused before, so that what is checked is bounded.
        ContentGuard.Admission admission =
                guard.admit(question, prompt -> available.provider().text(question.model(), prompt));
        if (admission.refusal() != null) {
            int choices = question.prompts().size() * question.choices();
            generation = new RefusedGeneration(admission.refusal(), choices);
            return order(question, plan, model, generation, OutputFilter.NONE);
        }
        if (!admission.prompts().equals(question.prompts())) {
            generation = prepare(question, admission.prompts(), available, plan);
        }
        return order(question, plan, model, generation, guard.filter(question));
    }

    /** @throws PaymentDisputedException if the caller's organisation disputes a payment */
    public void requireUndisputed(Caller caller) {
        asker(caller);
    }

    private AskerRepository.Asker asker(Caller caller) {
        AskerRepository.Asker asker = askers.find(caller);
        if (asker.disputes()) {
            throw new PaymentDisputedException();
        }
        return asker;
    }

    /** A model is not opened for who cannot be answered by it. */
    private void requireRoom(Caller caller, Plan plan, Models.Available available) {
        if (!available.provider().isOpen(available.model().id())) {
            billing.requireRoom(caller.organisationId(), plan, Answers.prices(available.model()), clock.instant());
        }
    }

    private PreparedGeneration prepare(Question question, List<Prompt> prompts, Models.Available available, Plan plan) {
        List<PreparedGeneration> prepared = prompts.stream()
                .map(prompt -> available
                        .provider()
                        .prepare(new ModelRequest(
                                available.model().id(),
                                prompt,
                                capped(question.sampling(), available.model()),
                                question.form(),
                                question.choices(),
                                question.caller().organisationId(),
                                plan.priority())))
                .toList();
        return prepared.size() == 1 ? prepared.getFirst() : new CombinedGeneration(prepared, question.choices());
    }

    private static AnswerOrder order(
            Question question, Plan plan, RegisteredModel model, PreparedGeneration generation, OutputFilter filter) {
        return new AnswerOrder(
                question.id(),
                question.caller(),
                plan,
                model,
                question.endpoint(),
                question.messageId(),
                generation,
                filter);
    }

    /** An order whose answer is vectors. */
    public record EmbeddingOrder(AnswerOrder order, PreparedEmbeddings embeddings) {}

    /**
     * Checks texts that are to become vectors against the model, without starting anything.
     *
     * @param id       the name of the answer
     * @param endpoint where it is asked
     * @throws UnknownModelException                   if there is no such model, or it may not be used
     * @throws dev.mynah.engine.PromptTooLongException if a text is longer than the model reads
     * @throws IllegalArgumentException                if the model gives no embeddings
     */
    public EmbeddingOrder embeddings(
            String id, Caller caller, String endpoint, String model, List<Prompt> inputs, Terms terms) {
        caller.require(Scopes.INFERENCE);
        addresses.requireVerified(caller);
        Models.Available available =
                models.find(model, caller.organisationId()).orElseThrow(() -> new UnknownModelException(model));
        Plan plan = terms.of(asker(caller).plan());
        requireRoom(caller, plan, available);
        PreparedEmbeddings embeddings =
                available.provider().embeddings(available.model().id(), inputs);
        return new EmbeddingOrder(
                new AnswerOrder(
                        id, caller, plan, terms.of(available.model()), endpoint, null, embeddings, OutputFilter.NONE),
                embeddings);
    }

    /** How models that a caller may use ask to be sampled where nobody says otherwise, by their names. */
    public Function<String, SamplingDefaults> sampling(Caller caller) {
        return model -> models.sampling(model, caller.organisationId());
    }

    /** With at most as many tokens as the model is allowed to write, and marked where the service marks what it writes. */
    private SamplingOptions capped(SamplingOptions wished, RegisteredModel model) {
        int most = model.maxOutputTokens().orElse(Integer.MAX_VALUE);
        return wished.toBuilder()
                .maxTokens(Math.min(wished.maxTokens(), most))
                .watermark(watermarking.applied().orElse(null))
                .build();
    }

    /**
     * Looks for the service's own mark in a text.
     *
     * @throws UnknownModelException    if there is no such model, or it may not be used
     * @throws IllegalArgumentException if the model's tokens are not known here
     */
    public Watermark.Detection detect(Caller caller, String model, String text) {
        caller.require(Scopes.INFERENCE);
        Models.Available available =
                models.find(model, caller.organisationId()).orElseThrow(() -> new UnknownModelException(model));
        return watermarking.mark().detect(available.provider().tokens(text));
    }

    /** A prompt that is no conversation as text. */
    public String text(Caller caller, String model, Prompt prompt) {
        return models.find(model, caller.organisationId())
                .orElseThrow(() -> new UnknownModelException(model))
                .provider()
                .text(model, prompt);
    }
}
