// Samples for the coroutine lint, never compiled: a line that ends in "BAD: rule..." breaks those rules, no other does.
#include <string>

namespace pillarbox {

struct Good {
    explicit Good(int n) : n_(n) {}
    bool await_ready() const noexcept { return false; }
    int n_{};
};
struct Bare { // BAD: bare-awaiter
    bool await_ready() const noexcept { return false; }
    std::string text{"co_await [x] { a ? b : c; }"};
};
struct Final {
    bool await_ready() noexcept { return false; }
};
template <class T>
class [[nodiscard]] Awaiter : public Base<T> {
public:
    Awaiter(T value, std::vector<int> list = {}) : value_{value}, list_(list) {}
    bool await_ready() const noexcept { return false; }
};

Task<void> simple(Stream stream) {
    const std::string line = co_await stream.read_line();
    std::vector<int> numbers{1, 2, 3};
    if (line.empty()) co_return;
    if (co_await stream.at_end()) {
        numbers = {4};
    }
    while (co_await more(numbers[0])) {
        co_await step();
    }
    for (int n : co_await list()) co_await use(n);
    if (const bool done = co_await ask(); !done) {
        numbers.push_back(int{1});
    }
    switch (co_await kind()) {
    case Kind::one:
        co_await first();
        break;
    case Kind::two: {
        co_await second();
    }
    default:
        co_await third();
    }
    Options options{.limit = 3};
    co_await act(options);
    do {
        co_await again();
    } while (options.limit ? true : false);
    auto sort = [&](int a, int b) { return a < b ? numbers[a] : int{b}; };
    co_await pool.run([] { return new int{3}; });
    auto plain = [](Stream s) -> Task<void> { co_await s.flush(); };
    for (auto& [name, value] : table) co_await put(name, value);
    try {
        co_await act(options);
    } catch (const Failure& failure) {
        auto later = [] { return task([](int n) -> Task<int> { co_return n; }); };
        numbers = {};
    }
    co_return co_await last(R"(co_await new { ? })");
}

Task<void> wrong(Stream stream) {
    int sum = co_await one() + co_await two();                         // BAD: two-awaits
    co_await act(Options{.limit = 3});                                 // BAD: braces
    co_await act({1, 2});                                              // BAD: braces
    std::vector<int> list{co_await one()};                             // BAD: braces
    int pick = sum ? co_await one() : 2;                               // BAD: conditional
    co_await act(sum > 1 ? sum : 0);                                   // BAD: conditional
    co_await act(new Options(1));                                      // BAD: new
    co_await pool.run([sum] { return sum; });                          // BAD: capture
    co_await pool.run([&](int n) -> std::vector<int> { return {n}; }); // BAD: capture
    auto [a, b] = co_await pair();                                     // BAD: binding
    const auto& [c, d] = co_await pair();                              // BAD: binding
    co_await outer(co_await inner());                                  // BAD: two-awaits
    if (co_await act(Options{1})) sum = 1;                             // BAD: braces
    auto held = [this]() -> Task<void> {                               // BAD: lambda-coroutine
        co_await flush();
    };
    auto nested = [=] { return [=](int n) mutable -> Task<int> { co_return n; }; }; // BAD: lambda-coroutine
    loop.spawn([&stream]() -> Task<void> { co_await stream.flush(); });             // BAD: lambda-coroutine
    try {
        sum = 1;
    } catch (const Failure&) {
        if (sum) co_await stream.flush(); // BAD: await-in-catch
    } catch (...) {
        co_await stream.flush(); // BAD: await-in-catch
    }
    co_return co_await last( // BAD: braces
        stream, Options{});
}

} // namespace pillarbox
