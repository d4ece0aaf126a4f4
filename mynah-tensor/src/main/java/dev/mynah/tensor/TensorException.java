package dev.mynah.tensor;

/** libtorch refused an operation. The message names the operation, the shapes involved and libtorch's own reason in one line. */
public final class TensorException extends RuntimeException {

    TensorException(String message, Throwable cause) {
        super(message, cause);
    }
}
