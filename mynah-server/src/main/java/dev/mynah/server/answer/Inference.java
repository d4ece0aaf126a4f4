package dev.mynah.server.answer;

import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.account.Caller;
import dev.mynah.server.account.Scopes;
import dev.mynah.server.billing.Plan;
import dev.mynah.server.billing.PlanRepository;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.provider.CombinedGeneration;
import dev.mynah.server.provider.ModelRequest;
import dev.mynah.server.provider.Models;
import dev.mynah.server.provider.PreparedEmbeddings;
import dev.mynah.server.provider.PreparedGeneration;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.provider.RegisteredModel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks models: finds the model and the caller's plan, and makes an order of a question. */
@Component
public final class Inference {
    private final Models models;
    private final PlanRepository plans;

    public Inference(Models models, PlanRepository plans) {
        this.models = models;
        this.plans = plans;
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
     * Checks a question against its model, without starting anything.
     *
     * @throws UnknownModelException                   if there is no such model, or it may not be used
     * @throws dev.mynah.engine.PromptTooLongException if a prompt leaves no room in the model's context
     * @throws IllegalArgumentException                if the model cannot do what is asked for
     */
    public AnswerOrder order(Question question) {
        question.caller().require(Scopes.INFERENCE);
        Models.Available available =
                models.find(question.model()).orElseThrow(() -> new UnknownModelException(question.model()));
        String organisation = question.caller().organisationId();
        Plan plan = plans.ofOrganisation(organisation);
        List<PreparedGeneration> prepared = question.prompts().stream()
                .map(prompt -> available
                        .provider()
                        .prepare(new ModelRequest(
                                available.model().id(),
                                prompt,
                                capped(question.sampling(), available.model()),
                                question.form(),
                                question.choices(),
                                organisation,
                                plan.priority())))
                .toList();
        PreparedGeneration generation =
                prepared.size() == 1 ? prepared.getFirst() : new CombinedGeneration(prepared, question.choices());
        return new AnswerOrder(
                question.id(),
                question.caller(),
                plan,
                available.model(),
                question.endpoint(),
                question.messageId(),
                generation);
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
    public EmbeddingOrder embeddings(String id, Caller caller, String endpoint, String model, List<Prompt> inputs) {
        caller.require(Scopes.INFERENCE);
        Models.Available available = models.find(model).orElseThrow(() -> new UnknownModelException(model));
        PreparedEmbeddings embeddings =
                available.provider().embeddings(available.model().id(), inputs);
        Plan plan = plans.ofOrganisation(caller.organisationId());
        return new EmbeddingOrder(
                new AnswerOrder(id, caller, plan, available.model(), endpoint, null, embeddings), embeddings);
    }

    /** With at most as many tokens as the model is allowed to write. */
    private static SamplingOptions capped(SamplingOptions wished, RegisteredModel model) {
        int most = model.maxOutputTokens().orElse(Integer.MAX_VALUE);
        return wished.maxTokens() <= most
                ? wished
                : wished.toBuilder().maxTokens(most).build();
    }

    /** A prompt that is no conversation as text. */
    public String text(String model, Prompt prompt) {
        return models.find(model)
                .orElseThrow(() -> new UnknownModelException(model))
                .provider()
                .text(prompt);
    }
}
