// A value or a refusal. A refusal is something a well-behaved client can meet; failures are exceptions.
#pragma once

#include <stdexcept>
#include <utility>
#include <variant>

namespace pillarbox::runtime {

/// Wraps an error for a Result: `return refused(StoreError::not_found)`.
template <class E>
struct Refused {
    E error;
};
template <class E>
Refused(E) -> Refused<E>;
template <class E>
Refused<E> refused(E error) {
    return Refused<E>{std::move(error)};
}

/// A T, or an E that says why not. Asking for the one that is not there throws std::logic_error.
template <class T, class E>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Refused<E> refusal) : state_(std::in_place_index<1>, std::move(refusal.error)) {}

    explicit operator bool() const noexcept { return state_.index() == 0; }
    T& operator*() { return get(); }
    const T& operator*() const { return const_cast<Result*>(this)->get(); }
    T* operator->() { return &get(); }
    const T* operator->() const { return &const_cast<Result*>(this)->get(); }
    const E& error() const {
        if (state_.index() != 1) throw std::logic_error("Result holds a value");
        return *std::get_if<1>(&state_);
    }

private:
    T& get() {
        if (state_.index() != 0) throw std::logic_error("Result holds a refusal");
        return *std::get_if<0>(&state_);
    }
    std::variant<T, E> state_;
};

/// The value of a Result that only says yes or why not.
struct Done {};

} // namespace pillarbox::runtime
