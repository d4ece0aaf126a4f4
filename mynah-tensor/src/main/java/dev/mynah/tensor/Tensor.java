package dev.mynah.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array in libtorch's memory, owned by the {@link Scope} that was innermost when it was made.
 *
 * <p>Shapes broadcast as in NumPy. Methods whose names end in an underscore change the tensor in place, as in PyTorch. An operation that libtorch refuses throws a
 * {@link TensorException} that names it and the shapes; negative dimensions count from the last.
 */
public final class Tensor {

    final org.bytedeco.pytorch.Tensor handle;

    private Tensor(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    static Tensor of(org.bytedeco.pytorch.Tensor handle) {
        return new Tensor(handle);
    }

    /** A handle of our own on a tensor that the binding gives as a reference into another native object, whose memory may go first. */
    static Tensor ofReference(org.bytedeco.pytorch.Tensor reference) {
        return new Tensor(new org.bytedeco.pytorch.Tensor(reference));
    }

    /** A tensor from one operation; see {@link Native#call}. */
    static Tensor call(String name, Supplier<org.bytedeco.pytorch.Tensor> operation, Tensor... inputs) {
        return new Tensor(Native.call(name, operation, inputs));
    }

    // ---- making

    private static TensorOptions options(DType dtype, Device device) {
        TensorOptions options = new TensorOptions(dtype.scalarType);
        return device.isCuda() ? options.device(new org.bytedeco.pytorch.DeviceOptional(device.toNative())) : options;
    }

    /** A tensor whose elements are whatever the memory held. */
    public static Tensor empty(DType dtype, Device device, long... shape) {
        return call("empty", () -> torch.empty(shape, options(dtype, device), new MemoryFormatOptional()));
    }

    public static Tensor zeros(DType dtype, Device device, long... shape) {
        return call("zeros", () -> torch.zeros(shape, options(dtype, device)));
    }

    public static Tensor full(double value, DType dtype, Device device, long... shape) {
        return call("full", () -> torch.full(shape, new Scalar(value), options(dtype, device)));
    }

    /** {@code [0, 1, ..., end - 1]}. */
    public static Tensor arange(long end, DType dtype, Device device) {
        return call("arange", () -> torch.arange(new Scalar(end), options(dtype, device)));
    }

    /** {@code [start, start + 1, ..., end - 1]}. */
    public static Tensor arange(long start, long end, DType dtype, Device device) {
        return call("arange", () -> torch.arange(new Scalar(start), new Scalar(end), options(dtype, device)));
    }

    public static Tensor of(float[] values, long... shape) {
        return filled(DType.F32, MemorySegment.ofArray(values), shape);
    }

    public static Tensor of(double[] values, long... shape) {
        return filled(DType.F64, MemorySegment.ofArray(values), shape);
    }

    public static Tensor of(long[] values, long... shape) {
        return filled(DType.I64, MemorySegment.ofArray(values), shape);
    }

    public static Tensor of(int[] values, long... shape) {
        return filled(DType.I32, MemorySegment.ofArray(values), shape);
    }

    private static Tensor filled(DType dtype, MemorySegment values, long... shape) {
        Tensor tensor =
                empty(dtype, Device.CPU, shape.length == 0 ? new long[] {values.byteSize() / dtype.bytes()} : shape);
        MemorySegment target = tensor.segment();
        if (target.byteSize() != values.byteSize()) {
            throw new IllegalArgumentException(
                    values.byteSize() / dtype.bytes() + " values do not fill the shape " + Arrays.toString(shape));
        }
        target.copyFrom(values);
        return tensor;
    }

    /**
     * A tensor over memory that somebody else owns, without a copy: {@code memory} must stay alive and unmoved for as long as the tensor or a view of it is used. Read-only
     * mappings must not be written through the tensor.
     */
    public static Tensor fromSegment(MemorySegment memory, DType dtype, long... shape) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (!memory.isNative() || memory.byteSize() != Math.multiplyExact(elements, (long) dtype.bytes())) {
            throw new IllegalArgumentException("memory of " + memory.byteSize() + " bytes (native: " + memory.isNative()
                    + ") does not hold " + Arrays.toString(shape) + " of " + dtype);
        }
        return call(
                "from_blob", () -> torch.from_blob(new Address(memory.address()), shape, options(dtype, Device.CPU)));
    }

    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    public static Tensor cat(List<Tensor> tensors, int dim) {
        Tensor[] inputs = tensors.toArray(Tensor[]::new);
        return call("cat", () -> torch.cat(vector(tensors), dim), inputs);
    }

    static TensorVector vector(List<Tensor> tensors) {
        TensorVector vector = new TensorVector();
        for (Tensor tensor : tensors) {
            vector.push_back(tensor.handle);
        }
        return vector;
    }

    // ---- what it is

    public long[] shape() {
        long[] shape = new long[rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = handle.size(i);
        }
        return shape;
    }

    public long size(int dim) {
        return Native.call("size", () -> handle.size(dim), this);
    }

    public int rank() {
        return (int) handle.dim();
    }

    /** Number of elements. */
    public long elements() {
        return handle.numel();
    }

    public DType dtype() {
        return DType.of(handle.scalar_type().intern());
    }

    public Device device() {
        return Device.of(handle.device());
    }

    public boolean isContiguous() {
        return handle.is_contiguous();
    }

    // ---- reading and writing memory

    /**
     * The elements as memory, without a copy; valid while the tensor's scope is open.
     *
     * @throws IllegalStateException unless the tensor is contiguous and on the CPU
     */
    public MemorySegment segment() {
        if (device().isCuda() || !isContiguous()) {
            throw new IllegalStateException("only a contiguous CPU tensor has plain memory, this is " + this);
        }
        if (elements() == 0) {
            return MemorySegment.NULL;
        }
        return MemorySegment.ofAddress(handle.data_ptr().address()).reinterpret(elements() * dtype().bytes());
    }

    private MemorySegment hostCopy(DType dtype) {
        return to(dtype).to(Device.CPU).contiguous().segment();
    }

    /** The elements in row-major order, converted to float; waits for a GPU. */
    public float[] toFloats() {
        try (Scope scope = Scope.open()) {
            return hostCopy(DType.F32).toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    /** The elements in row-major order, converted to long; waits for a GPU. */
    public long[] toLongs() {
        try (Scope scope = Scope.open()) {
            return hostCopy(DType.I64).toArray(ValueLayout.JAVA_LONG);
        }
    }

    byte[] toBytes() {
        return segment().toArray(ValueLayout.JAVA_BYTE);
    }

    /** The only element; waits for a GPU. */
    public double item() {
        return Native.call("item", handle::item_double, this);
    }

    public Tensor copy_(Tensor source) {
        Native.call("copy_", () -> handle.copy_(source.handle), this, source);
        return this;
    }

    /** Copies the entries of {@code source} along {@code dim} to the places that {@code index} (I64, one dimension) names. */
    public Tensor indexCopy_(int dim, Tensor index, Tensor source) {
        Native.call("index_copy_", () -> handle.index_copy_(dim, index.handle, source.handle), this, index, source);
        return this;
    }

    public Tensor fill_(double value) {
        Native.call("fill_", () -> handle.fill_(new Scalar(value)), this);
        return this;
    }

    public Tensor zero_() {
        Native.call("zero_", handle::zero_, this);
        return this;
    }

    /** Fills with samples of the normal distribution. */
    public Tensor normal_(double mean, double std, Generator generator) {
        Native.call("normal_", () -> handle.normal_(mean, std, generator.argument), this);
        return this;
    }

    /** Fills with 1 where a coin of the given probability falls so, and 0 elsewhere. */
    public Tensor bernoulli_(double probability, Generator generator) {
        Native.call("bernoulli_", () -> handle.bernoulli_(probability, generator.argument), this);
        return this;
    }

    // ---- conversion and shape

    /** The same values in another element type; the tensor itself where it has that type already. */
    public Tensor to(DType dtype) {
        return dtype() == dtype ? this : call("to", () -> handle.to(dtype.scalarType), this);
    }

    public Tensor to(Device device) {
        return device().equals(device)
                ? this
                : call("to", () -> handle.to(device.toNative(), dtype().scalarType), this);
    }

    /** Row-major in memory; the tensor itself where it is so already. */
    public Tensor contiguous() {
        return isContiguous() ? this : call("contiguous", handle::contiguous, this);
    }

    /** A copy with memory of its own. */
    public Tensor copy() {
        return call("clone", () -> torch.clone(handle), this);
    }

    /** The same elements in another shape; one dimension may be -1. Copies only where no view is possible. */
    public Tensor reshape(long... shape) {
        return call("reshape" + Arrays.toString(shape), () -> handle.reshape(shape), this);
    }

    public Tensor transpose(int a, int b) {
        return call("transpose", () -> handle.transpose(a, b), this);
    }

    /** A view in which dimensions of size 1 are repeated to {@code shape} without a copy; -1 keeps a size. */
    public Tensor expand(long... shape) {
        return call("expand" + Arrays.toString(shape), () -> handle.expand(shape), this);
    }

    public Tensor unsqueeze(int dim) {
        return call("unsqueeze", () -> handle.unsqueeze(dim), this);
    }

    /** View of {@code length} entries of {@code dim} from {@code start}. */
    public Tensor narrow(int dim, long start, long length) {
        return call("narrow", () -> handle.narrow(dim, start, length), this);
    }

    /** The entries of {@code dim} that {@code indices} (I64, one-dimensional) name, in that order. */
    public Tensor indexSelect(int dim, Tensor indices) {
        return call("index_select", () -> handle.index_select(dim, indices.handle), this, indices);
    }

    /** This tensor plus entry {@code i} of {@code source} at index {@code indices[i]} (I64) of {@code dim}, for all {@code i}. */
    public Tensor indexAdd(int dim, Tensor indices, Tensor source) {
        return call("index_add", () -> handle.index_add(dim, indices.handle, source.handle), this, indices, source);
    }

    /** Entries of {@code dim} moved {@code shift} places on, those that fall off the end coming in at the start. */
    public Tensor roll(long shift, long dim) {
        return call("roll", () -> handle.roll(new long[] {shift}, dim), this);
    }

    /** Views of {@code parts} equal pieces of {@code dim}. */
    public List<Tensor> chunk(int parts, int dim) {
        return list(Native.call("chunk", () -> handle.chunk(parts, dim), this));
    }

    /** Views of pieces of {@code dim} with the given sizes. */
    public List<Tensor> split(int dim, long... sizes) {
        return list(Native.call("split" + Arrays.toString(sizes), () -> handle.split(sizes, dim), this));
    }

    private static List<Tensor> list(TensorVector vector) {
        return Arrays.stream(vector.get()).map(Tensor::ofReference).toList();
    }

    // ---- arithmetic

    public Tensor add(Tensor other) {
        return call("add", () -> handle.add(other.handle), this, other);
    }

    public Tensor add(double value) {
        return call("add", () -> handle.add(new Scalar(value)), this);
    }

    public Tensor add_(Tensor other) {
        Native.call("add_", () -> handle.add_(other.handle), this, other);
        return this;
    }

    public Tensor sub(Tensor other) {
        return call("sub", () -> handle.sub(other.handle), this, other);
    }

    public Tensor mul(Tensor other) {
        return call("mul", () -> handle.mul(other.handle), this, other);
    }

    public Tensor mul(double value) {
        return call("mul", () -> handle.mul(new Scalar(value)), this);
    }

    public Tensor mul_(double value) {
        Native.call("mul_", () -> handle.mul_(new Scalar(value)), this);
        return this;
    }

    public Tensor div(Tensor other) {
        return call("div", () -> handle.div(other.handle), this, other);
    }

    public Tensor div(double value) {
        return call("div", () -> handle.div(new Scalar(value)), this);
    }

    public Tensor neg() {
        return call("neg", handle::neg, this);
    }

    public Tensor abs() {
        return call("abs", handle::abs, this);
    }

    public Tensor exp() {
        return call("exp", handle::exp, this);
    }

    public Tensor log() {
        return call("log", handle::log, this);
    }

    public Tensor sqrt() {
        return call("sqrt", handle::sqrt, this);
    }

    public Tensor rsqrt() {
        return call("rsqrt", handle::rsqrt, this);
    }

    public Tensor square() {
        return call("square", handle::square, this);
    }

    public Tensor sin() {
        return call("sin", handle::sin, this);
    }

    public Tensor cos() {
        return call("cos", handle::cos, this);
    }

    public Tensor tanh() {
        return call("tanh", handle::tanh, this);
    }

    /** {@code log(sigmoid(x))}, exact for large numbers too. */
    public Tensor logSigmoid() {
        return call("log_sigmoid", () -> torch.log_sigmoid(handle), this);
    }

    /** Every element moved into {@code [min, max]}. */
    public Tensor clamp(double min, double max) {
        return call(
                "clamp",
                () -> handle.clamp(new ScalarOptional(new Scalar(min)), new ScalarOptional(new Scalar(max))),
                this);
    }

    /** The smaller of two elements, place by place. */
    public Tensor minimum(Tensor other) {
        return call("minimum", () -> handle.minimum(other.handle), this, other);
    }

    /** The larger of two elements, place by place. */
    public Tensor maximum(Tensor other) {
        return call("maximum", () -> handle.maximum(other.handle), this, other);
    }

    /** Entry {@code indices[i]} (I64) of the last dimension, for each {@code i} of the dimensions before it: {@code [..., n]} at {@code [...]} gives {@code [...]}. */
    public Tensor gatherLast(Tensor indices) {
        return call(
                "gather", () -> handle.gather(-1, indices.handle.unsqueeze(-1)).squeeze(-1), this, indices);
    }

    public Tensor sigmoid() {
        return call("sigmoid", handle::sigmoid, this);
    }

    /** {@code this + a * b}, element by element. */
    public Tensor addcmul(Tensor a, Tensor b) {
        return call("addcmul", () -> handle.addcmul(a.handle, b.handle), this, a, b);
    }

    /** The upper triangle of the last two dimensions from the given diagonal on, zero below it; 0 is the main diagonal, 1 the one above. */
    public Tensor triu(long diagonal) {
        return call("triu", () -> handle.triu(diagonal), this);
    }

    /** Matrix product over the last two dimensions, batched over the others. */
    public Tensor matmul(Tensor other) {
        return call("matmul", () -> handle.matmul(other.handle), this, other);
    }

    /** As {@link #matmul(Tensor)}, written into {@code out}, which has the product's shape and element type. */
    public Tensor matmul(Tensor other, Tensor out) {
        Native.call("matmul", () -> torch.matmul_out(out.handle, handle, other.handle), this, other, out);
        return out;
    }

    public Tensor softmax(int dim) {
        return call("softmax", () -> handle.softmax(dim), this);
    }

    public Tensor logSoftmax(int dim) {
        return call("log_softmax", () -> handle.log_softmax(dim), this);
    }

    // ---- reductions and comparison

    public Tensor sum() {
        return call("sum", handle::sum, this);
    }

    public Tensor sum(int dim, boolean keepDim) {
        return call("sum", () -> handle.sum(new long[] {dim}, keepDim, new ScalarTypeOptional()), this);
    }

    public Tensor mean() {
        return call("mean", handle::mean, this);
    }

    public Tensor mean(int dim, boolean keepDim) {
        return call("mean", () -> handle.mean(new long[] {dim}, keepDim, new ScalarTypeOptional()), this);
    }

    public Tensor max() {
        return call("max", () -> handle.max(), this);
    }

    /** Indices (I64) of the largest entries along {@code dim}. */
    public Tensor argmax(int dim) {
        return call("argmax", () -> handle.argmax(new LongOptional(dim), false), this);
    }

    /** The {@code k} largest entries of the last dimension in falling order, and their indices (I64). */
    public record TopK(Tensor values, Tensor indices) {}

    public TopK topK(int k) {
        T_TensorTensor_T pair = Native.call("topk", () -> handle.topk(k), this);
        return new TopK(ofReference(pair.get0()), ofReference(pair.get1()));
    }

    /** BOOL: where the elements are equal. */
    public Tensor eq(Tensor other) {
        return call("eq", () -> handle.eq(other.handle), this, other);
    }

    /** Where {@code mask} (BOOL, broadcast) is true, {@code value}; elsewhere this tensor's element. */
    public Tensor maskedFill(Tensor mask, double value) {
        return call("masked_fill", () -> handle.masked_fill(mask.handle, new Scalar(value)), this, mask);
    }

    // ---- gradients

    /** Makes this a leaf for which gradients are recorded, or not. */
    public Tensor requiresGrad(boolean required) {
        Native.call("requires_grad_", () -> handle.set_requires_grad(required), this);
        return this;
    }

    public boolean requiresGrad() {
        return handle.requires_grad();
    }

    /** The same values outside the graph. */
    public Tensor detach() {
        return call("detach", handle::detach, this);
    }

    /** Adds the gradients of this scalar to {@link #grad()} of every leaf it depends on, and frees the graph. */
    public void backward() {
        Native.run("backward", handle::backward, this);
    }

    /** As {@link #backward()} for a tensor of any shape, given the gradient of the loss with respect to it. */
    public void backward(Tensor gradient) {
        Native.run(
                "backward",
                () -> handle.backward(gradient.handle, new BoolOptional(), false, new TensorArrayRefOptional()),
                this,
                gradient);
    }

    /** The gradient that has been added up, or null where there is none. */
    public @Nullable Tensor grad() {
        Scope.requireOpen();
        org.bytedeco.pytorch.Tensor grad = handle.grad();
        return grad.defined() ? ofReference(grad) : null;
    }

    /** The gradient that has been added up, where there must be one. */
    public Tensor requireGrad() {
        Tensor grad = grad();
        if (grad == null) {
            throw new IllegalStateException("no gradient has reached " + this);
        }
        return grad;
    }

    /** Frees the gradient. */
    public void clearGrad() {
        Scope.requireOpen();
        handle.mutable_grad().reset();
    }

    /** Dtype, shape and device, as in {@code F32[16, 256, 384] on cpu}. */
    @Override
    public String toString() {
        if (handle.isNull()) {
            return "a tensor whose scope is closed";
        }
        return dtype() + Arrays.toString(shape()) + (device().isCuda() ? " on " + device() : "");
    }
}
