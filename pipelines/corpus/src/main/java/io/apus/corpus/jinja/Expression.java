package io.apus.corpus.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An expression of a template: a closed set of syntax tree nodes, each of which knows its value. */
sealed interface Expression {
    Object value(Context context);

    record Literal(Object constant) implements Expression {
        @Override
        public Object value(Context context) {
            return constant;
        }
    }

    record Name(String name) implements Expression {
        @Override
        public Object value(Context context) {
            return context.scope().get(name);
        }
    }

    record Sequence(List<Expression> items, boolean isTuple) implements Expression {
        @Override
        public Object value(Context context) {
            List<Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(item.value(context)));
            return isTuple ? new Tuple(values) : values;
        }
    }

    record Mapping(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object value(Context context) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                map.put(Values.key(keys.get(i).value(context)), values.get(i).value(context));
            }
            return map;
        }
    }

    record Attribute(Expression owner, String name) implements Expression {
        @Override
        public Object value(Context context) {
            return Lookup.attribute(owner.value(context), name);
        }
    }

    record Index(Expression owner, Expression key) implements Expression {
        @Override
        public Object value(Context context) {
            return Lookup.item(owner.value(context), key.value(context));
        }
    }

    /** {@code owner[start:stop:step]}; absent parts are null. */
    record Slice(Expression owner, Expression start, Expression stop, Expression step) implements Expression {
        @Override
        public Object value(Context context) {
            return Slices.of(owner.value(context), part(start, context), part(stop, context), part(step, context));
        }

        private static Object part(Expression part, Context context) {
            return part == null ? null : part.value(context);
        }
    }

    record Call(Expression callee, ArgumentList arguments, int line) implements Expression {
        @Override
        public Object value(Context context) {
            Object target = callee.value(context);
            context.at(line);
            if (target instanceof Callable callable) {
                return callable.call(context, arguments.values(context));
            }
            throw target instanceof Undefined missing
                    ? missing.failure()
                    : TemplateFailure.of("a " + Values.typeName(target) + " cannot be called");
        }
    }

    /** {@code input | name(arguments)}; a null input is the text of a filter block, supplied by the statement. */
    record Filter(Expression input, String name, ArgumentList arguments, int line) implements Expression {
        @Override
        public Object value(Context context) {
            Object value = input.value(context);
            context.at(line);
            return Filters.apply(name, context, value, arguments.values(context));
        }
    }

    record Test(Expression input, String name, ArgumentList arguments, int line) implements Expression {
        @Override
        public Object value(Context context) {
            return Tests.check(name, input.value(context), arguments.values(context));
        }
    }

    record Not(Expression input) implements Expression {
        @Override
        public Object value(Context context) {
            return !Values.isTrue(input.value(context));
        }
    }

    record Sign(boolean isMinus, Expression input) implements Expression {
        @Override
        public Object value(Context context) {
            Object value = input.value(context);
            if (!Values.isNumber(value)) {
                throw TemplateFailure.of("a " + Values.typeName(value) + " has no sign");
            }
            return Numbers.apply(isMinus ? "-" : "+", 0L, value);
        }
    }

    record Binary(String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object value(Context context) {
            return Operators.apply(operator, left.value(context), right.value(context), context);
        }
    }

    /** {@code and} and {@code or}, which give the deciding operand itself. */
    record Logic(boolean isAnd, Expression left, Expression right) implements Expression {
        @Override
        public Object value(Context context) {
            Object first = left.value(context);
            return Values.isTrue(first) == isAnd ? right.value(context) : first;
        }
    }

    /** {@code first op operand op operand ...}: every neighbouring pair must hold. */
    record Comparison(Expression first, List<String> operators, List<Expression> operands) implements Expression {
        @Override
        public Object value(Context context) {
            Object left = first.value(context);
            for (int i = 0; i < operators.size(); i++) {
                Object right = operands.get(i).value(context);
                if (!Operators.compare(operators.get(i), left, right)) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    record Concat(List<Expression> parts) implements Expression {
        @Override
        public Object value(Context context) {
            CharSequence joined = "";
            for (Expression part : parts) {
                joined = context.concat(joined, Values.text(part.value(context)));
            }
            return joined;
        }
    }

    /** {@code whenTrue if condition else otherwise}; {@code otherwise} is null where it was left out. */
    record Conditional(Expression condition, Expression whenTrue, Expression otherwise) implements Expression {
        @Override
        public Object value(Context context) {
            if (Values.isTrue(condition.value(context))) {
                return whenTrue.value(context);
            }
            return otherwise == null
                    ? new Undefined("the inline if-expression has no else and its condition is false")
                    : otherwise.value(context);
        }
    }
}
