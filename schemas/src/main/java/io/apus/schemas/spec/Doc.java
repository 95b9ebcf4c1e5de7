package io.apus.schemas.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** One line that says what an option does: shown by {@code --help} and in SPEC.md. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Doc {
    String value();

    /** The option's name where it is not the component's name in snake_case, as ms-swift's {@code adalora_deltaT}. */
    String name() default "";
}
