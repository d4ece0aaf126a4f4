package dev.mynah.files.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The numbers that a configuration key allows; for a list, what each element allows. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
    /** Smallest number allowed. */
    double min() default Double.NEGATIVE_INFINITY;

    /** Largest number allowed. */
    double max() default Double.POSITIVE_INFINITY;

    /** The number that a value must be greater than. */
    double above() default Double.NEGATIVE_INFINITY;

    /** The number that a value must be less than. */
    double below() default Double.POSITIVE_INFINITY;
}
