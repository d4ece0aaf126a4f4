package dev.mynah.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.jspecify.annotations.Nullable;

/**
 * An ATen operator looked up by its schema name, for those that the bindings do not name.
 *
 * <pre>{@code Operator.named("aten::_weight_int8pack_mm").call(x, weights, scales)}</pre>
 */
public final class Operator {

    private final String name;
    private final OperatorHandle handle;

    private Operator(String name, OperatorHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    /**
     * Finds an operator.
     *
     * @param name as in {@code aten::add.Tensor}: namespace, name, and the overload's name where it has one
     * @throws TensorException if this libtorch has no such operator
     */
    public static Operator named(String name) {
        Torch.load();
        int dot = name.indexOf('.');
        String base = dot < 0 ? name : name.substring(0, dot);
        String overload = dot < 0 ? "" : name.substring(dot + 1);
        try {
            // The dispatcher owns the handle, which lives as long as the process.
            return new Operator(name, Dispatcher.singleton().findSchemaOrThrow(base, overload));
        } catch (RuntimeException e) {
            throw new TensorException("libtorch has no operator " + name, e);
        }
    }

    /**
     * Calls the operator.
     *
     * @param arguments all arguments of the schema in order: {@link Tensor}, {@code List<Tensor>}, Double, Long, Integer, Boolean, String, or null for an optional left out
     * @return the tensors it returns, in order
     */
    public List<Tensor> call(@Nullable Object... arguments) {
        Scope.requireOpen();
        IValueVector stack = new IValueVector();
        for (Object argument : arguments) {
            stack.push_back(toIValue(argument));
        }
        Tensor[] tensors = Arrays.stream(arguments)
                .filter(Tensor.class::isInstance)
                .map(Tensor.class::cast)
                .toArray(Tensor[]::new);
        return Native.call(
                name,
                () -> {
                    handle.callBoxed(stack);
                    return results(stack);
                },
                tensors);
    }

    private static List<Tensor> results(IValueVector stack) {
        List<Tensor> results = new ArrayList<>();
        for (long i = 0; i < stack.size(); i++) {
            IValue value = stack.get(i);
            if (value.isTensor()) {
                results.add(Tensor.ofReference(value.toTensor()));
            }
        }
        return results;
    }

    private static IValue toIValue(@Nullable Object argument) {
        return switch (argument) {
            case null -> new IValue();
            case Tensor tensor -> new IValue(tensor.handle);
            case Double number -> new IValue(number);
            case Long number -> new IValue(number);
            case Integer number -> new IValue(number.longValue());
            case Boolean flag -> new IValue(flag);
            case String text -> new IValue(text);
            case List<?> tensors -> new IValue(tensorList(tensors));
            default ->
                throw new IllegalArgumentException(
                        "no operator takes a " + argument.getClass().getName());
        };
    }

    private static GenericList tensorList(List<?> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        list.reserve(tensors.size());
        for (Object tensor : tensors) {
            list.push_back(new IValue(((Tensor) tensor).handle));
        }
        return list;
    }
}
