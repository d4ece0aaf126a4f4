package dev.mynah.server.conversation;

import dev.mynah.engine.PromptTooLongException;
import dev.mynah.engine.SamplingOptions;
import dev.mynah.server.account.Caller;
import dev.mynah.server.answer.AnswerOrder;
import dev.mynah.server.answer.Answers;
import dev.mynah.server.answer.Inference;
import dev.mynah.server.answer.RunningAnswer;
import dev.mynah.server.provider.AnswerForm;
import dev.mynah.server.provider.Prompt;
import dev.mynah.server.store.Ids;
import dev.mynah.text.chat.ChatMessage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** What happens in a conversation: questions, answers, branches. */
@Component
public final class Conversations {
    private static final String ENDPOINT = "/api/conversations";
    private static final String ASSISTANT = "assistant";
    /** Messages of a branch that a model is given at most: what is older is beyond any context anyway. */
    public static final int LONGEST_PATH = 400;

    private static final int TITLE_LENGTH = 60;

    private final ConversationRepository repository;
    private final Inference inference;
    private final Answers answers;
    private final LiveAnswers live;
    private final Instructions instructions;
    private final Clock clock;

    public Conversations(
            ConversationRepository repository,
            Inference inference,
            Answers answers,
            LiveAnswers live,
            Instructions instructions,
            Clock clock) {
        this.repository = repository;
        this.inference = inference;
        this.answers = answers;
        this.live = live;
        this.instructions = instructions;
        this.clock = clock;
    }

    /**
     * What is asked.
     *
     * @param parentId   the message that the question follows, or null for a first one
     * @param requestKey what its client calls it, or null: a question that comes again by this name is not asked again
     */
    public record Question(
            @Nullable String parentId,
            String content,
            @Nullable String requestKey) {}

    /** A question and the message that its answer becomes; without a question where an answer is made anew. */
    public record Exchange(Optional<Message> question, Message answer) {}

    /**
     * Begins a conversation.
     *
     * @param requestKey what its client calls the request, or null
     */
    public Conversation begin(Conversation fresh, @Nullable String requestKey) {
        return once(
                () -> Optional.ofNullable(requestKey).flatMap(key -> repository.ofRequest(fresh.userId(), key)), () -> {
                    repository.insert(fresh, requestKey);
                    return fresh;
                });
    }

    /** Asks in a conversation. Nothing is written where the question cannot be answered. */
    public Exchange ask(Caller caller, Conversation conversation, Question asked, AnswerSettings settings) {
        return once(() -> earlier(conversation, asked.requestKey()), () -> {
            Message question = new Message(
                    Ids.next("msg_"),
                    conversation.id(),
                    asked.parentId(),
                    "user",
                    asked.content(),
                    null,
                    MessageState.COMPLETE,
                    false,
                    clock.instant());
            List<Message> before =
                    asked.parentId() == null ? List.of() : repository.path(asked.parentId(), LONGEST_PATH - 1);
            List<ChatMessage> turns = Stream.concat(before.stream(), Stream.of(question))
                    .map(Conversations::turn)
                    .toList();
            Start start = new Start(turns, Optional.of(question), question.id(), asked.requestKey());
            return start(caller, conversation, start, settings);
        });
    }

    /**
     * Answers the question of an answer once more, as another branch.
     *
     * @param requestKey what its client calls the request, or null
     */
    public Exchange regenerate(
            Caller caller,
            Conversation conversation,
            Message answer,
            AnswerSettings settings,
            @Nullable String requestKey) {
        String parentId = answer.parentId();
        if (!answer.role().equals(ASSISTANT) || parentId == null) {
            throw new IllegalArgumentException("only an answer can be made anew");
        }
        return once(() -> earlier(conversation, requestKey), () -> {
            List<ChatMessage> turns = repository.path(parentId, LONGEST_PATH).stream()
                    .map(Conversations::turn)
                    .toList();
            return start(caller, conversation, new Start(turns, Optional.empty(), parentId, requestKey), settings);
        });
    }

    private Optional<Exchange> earlier(Conversation conversation, @Nullable String requestKey) {
        return Optional.ofNullable(requestKey)
                .flatMap(key -> repository.messageOfRequest(conversation.id(), key))
                .map(message -> message.role().equals(ASSISTANT)
                        ? new Exchange(Optional.empty(), message)
                        : new Exchange(Optional.of(message), repository.firstAnswer(message)));
    }

    /** Does what a request asks for unless it was done when the request came before, or comes at this moment. */
    private static <T> T once(Supplier<Optional<T>> earlier, Supplier<T> work) {
        Optional<T> before = earlier.get();
        if (before.isPresent()) {
            return before.get();
        }
        try {
            return work.get();
        } catch (DuplicateKeyException e) {
            return earlier.get().orElseThrow(() -> e);
        }
    }

    private static ChatMessage turn(Message message) {
        return ChatMessage.of(ChatMessage.Role.of(message.role()), message.content());
    }

    /**
     * What an answer begins with.
     *
     * @param question to be kept with it; empty where an answer is made anew
     */
    private record Start(
            List<ChatMessage> turns,
            Optional<Message> question,
            String parentId,
            @Nullable String requestKey) {}

    private Exchange start(Caller caller, Conversation conversation, Start start, AnswerSettings settings) {
        Message answer = new Message(
                Ids.next("msg_"),
                conversation.id(),
                start.parentId(),
                ASSISTANT,
                "",
                Ids.next("answer_"),
                MessageState.RUNNING,
                false,
                clock.instant());
        AnswerSettings told = settings.after(instructions.of(caller.userId()));
        Prepared prepared = prepare(caller, conversation.modelId(), new Turns(start.turns(), false), answer, told);
        RunningAnswer running = answers.start(prepared.order(), () -> {
            start.question().ifPresent(question -> repository.insert(question, start.requestKey()));
            repository.insert(answer, start.question().isPresent() ? null : start.requestKey());
            repository.insert(prepared.settings());
            repository.touch(conversation.id(), answer.createdAt());
            start.question().ifPresent(first -> repository.title(conversation.id(), title(first.content())));
        });
        live.generate(answer, running);
        return new Exchange(start.question(), answer);
    }

    /** Goes on with an answer that ended early, as the same message; empty where it still runs. */
    public Optional<Message> resume(Caller caller, Conversation conversation, Message answer) {
        Optional<MessageSettings> settings = repository.settings(answer.id());
        if (answer.parentId() == null || answer.state() == MessageState.RUNNING || settings.isEmpty()) {
            return Optional.empty();
        }
        Message resumed = new Message(
                answer.id(),
                conversation.id(),
                answer.parentId(),
                ASSISTANT,
                answer.content(),
                Ids.next("answer_"),
                MessageState.RUNNING,
                false,
                answer.createdAt());
        // A model that has written nothing yet simply begins.
        boolean begun = !answer.content().isEmpty();
        List<ChatMessage> turns = repository.path(begun ? answer.id() : answer.parentId(), LONGEST_PATH).stream()
                .map(Conversations::turn)
                .toList();
        MessageSettings used = settings.get();
        Prepared prepared = prepare(caller, used.modelId(), new Turns(turns, begun), resumed, used.wished());
        RunningAnswer running = answers.start(prepared.order(), () -> {
            if (!repository.resume(answer, String.valueOf(resumed.answerId()))) {
                throw new IllegalArgumentException("this answer runs already");
            }
        });
        live.generate(resumed, running);
        return Optional.of(resumed);
    }

    /** @param begun whether the last turn is the answer itself, to be continued */
    private record Turns(List<ChatMessage> all, boolean begun) {}

    private record Prepared(AnswerOrder order, MessageSettings settings) {}

    /** An order for as much of the conversation as the context holds: the oldest turns are left out. */
    private Prepared prepare(Caller caller, String model, Turns turns, Message answer, AnswerSettings settings) {
        SamplingOptions sampling = settings.over(
                SamplingOptions.builder(inference.sampling(caller).apply(model)),
                RandomGenerator.getDefault().nextLong());
        Stream<ChatMessage> system =
                Stream.ofNullable(settings.system()).map(text -> ChatMessage.of(ChatMessage.Role.SYSTEM, text));
        List<ChatMessage> first = system.toList();
        for (int from = 0; ; from = from + 1 + (turns.all().size() - from) / 8) {
            try {
                List<ChatMessage> prompt = Stream.concat(
                                first.stream(), turns.all().stream().skip(from))
                        .toList();
                AnswerOrder order = inference.order(new Inference.Question(
                        String.valueOf(answer.answerId()),
                        caller,
                        ENDPOINT,
                        answer.id(),
                        model,
                        List.of(new Prompt.Chat(prompt, List.of(), turns.begun())),
                        sampling,
                        AnswerForm.TEXT,
                        1));
                return new Prepared(order, new MessageSettings(answer.id(), model, settings.at(sampling), from));
            } catch (PromptTooLongException e) {
                if (from + 1 >= turns.all().size()) {
                    throw e;
                }
            }
        }
    }

    /** The first line of a question, or as much of it as a title has room for, cut between words where there are any. */
    static String title(String question) {
        String line = question.strip()
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\s+", " ")
                .strip();
        if (line.length() <= TITLE_LENGTH) {
            return line;
        }
        int end = TITLE_LENGTH - 1;
        int blank = line.lastIndexOf(' ', end);
        if (blank > TITLE_LENGTH / 2) {
            end = blank;
        } else if (Character.isHighSurrogate(line.charAt(end - 1))) {
            end--;
        }
        return line.substring(0, end).stripTrailing() + "…";
    }

    /** Ends the answers that are being written for conversations that were deleted; what was written of them is charged as ever. */
    void stopUnkept(String userId) {
        repository.unkeptAnswers(userId).forEach(answers::requestStop);
    }

    /** Stops an answer. */
    public void stop(Message answer) {
        if (answer.answerId() != null) {
            answers.requestStop(answer.answerId());
        }
    }
}
