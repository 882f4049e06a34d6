using Minion.Models.Resilience;
using Minion.Testing.Time;

namespace Minion.Models.Tests.Resilience;

public sealed class CircuitTests
{
    private readonly ManualTime _time = new();
    private readonly List<CircuitState> _changes = [];
    private readonly Circuit _circuit;

    public CircuitTests() => _circuit = new Circuit(new ResilienceOptions(), _time, _changes.Add);

    [Theory]
    [InlineData("FFFF", "Closed")]
    [InlineData("FFFFF", "Open")]
    [InlineData("SSSSSFFFF", "Closed")]
    [InlineData("SSSSSFFFFF", "Open")]
    [InlineData("FFFF????????", "Closed")]
    public void It_opens_when_half_of_at_least_five_attempts_failed(string outcomes, string state)
    {
        Attempts(outcomes);

        _circuit.State.ToString().ShouldBe(state);
    }

    [Fact]
    public void What_the_window_no_longer_covers_does_not_count()
    {
        Attempts("FFFF");
        _time.Advance(TimeSpan.FromSeconds(71));
        Attempts("F");

        _circuit.State.ShouldBe(CircuitState.Closed);
        _circuit.Health.Attempts.ShouldBe(1);
    }

    [Fact]
    public void After_the_break_one_attempt_tries_and_its_success_closes()
    {
        Attempts("FFFFF");
        _circuit.TryEnter(out _, out var wait).ShouldBeFalse();
        wait.ShouldBe(TimeSpan.FromSeconds(15));
        _time.Advance(wait);

        _circuit.TryEnter(out var trial, out _).ShouldBeTrue();
        _circuit.TryEnter(out _, out _).ShouldBeFalse("another attempt is trying");
        trial.Succeeded(TimeSpan.FromSeconds(1));

        _circuit.TryEnter(out _, out _).ShouldBeTrue();
        _changes.ShouldBe([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed]);
    }

    [Fact]
    public void Each_failed_try_doubles_the_break_up_to_eight_times()
    {
        Attempts("FFFFF");
        foreach (var seconds in new[] { 15, 30, 60, 120, 120 })
        {
            _circuit.Closes.ShouldBe(TimeSpan.FromSeconds(seconds));
            _time.Advance(_circuit.Closes);
            Attempts("F");
        }
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_keeps_no_circuit_open()
    {
        var clock = new JumpingClock(_time);
        var circuit = new Circuit(new ResilienceOptions(), clock, _ => { });
        while (circuit.TryEnter(out var attempt, out _))
        {
            attempt.Failed(null);
        }

        clock.Ahead = TimeSpan.FromDays(-2);
        _time.Advance(TimeSpan.FromSeconds(15));

        circuit.TryEnter(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_try_that_is_given_up_lets_the_next_one_try()
    {
        Attempts("FFFFF");
        _time.Advance(_circuit.Closes);
        Attempts("?");

        _circuit.State.ShouldBe(CircuitState.HalfOpen);
        _circuit.TryEnter(out _, out _).ShouldBeTrue();
    }

    [Fact]
    public void A_probe_that_finds_the_endpoint_dead_spares_a_call()
    {
        Attempts("FFFFF");
        _time.Advance(TimeSpan.FromSeconds(14));

        _circuit.StaysBroken(TimeSpan.FromSeconds(7));

        _circuit.Closes.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void A_refused_key_makes_other_models_the_better_choice_for_a_while_but_opens_nothing()
    {
        _circuit.Unusable(TimeSpan.FromMinutes(1));

        _circuit.IsPoor.ShouldBeTrue();
        _circuit.TryEnter(out _, out _).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(1));
        _circuit.IsPoor.ShouldBeFalse();
    }

    [Fact]
    public void Health_tells_the_error_rate_and_the_time_to_the_first_part()
    {
        Attempts("SF");

        _circuit.Health.ShouldBe(new Health(2, 1, TimeSpan.FromSeconds(2)));
        _circuit.Health.ErrorRate.ShouldBe(0.5);
    }

    [Fact]
    public async Task Of_many_that_come_at_once_one_tries()
    {
        Attempts("FFFFF");
        _time.Advance(_circuit.Closes);

        var entered = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _circuit.TryEnter(out var _, out var _))));

        entered.Count(e => e).ShouldBe(1);
    }

    private void Attempts(string outcomes)
    {
        foreach (var outcome in outcomes)
        {
            _circuit.TryEnter(out var entry, out _).ShouldBeTrue();
            switch (outcome)
            {
                case 'S':
                    entry.Succeeded(TimeSpan.FromSeconds(2));
                    break;
                case 'F':
                    entry.Failed(firstPart: null);
                    break;
                default:
                    entry.SaysNothing(firstPart: null);
                    break;
            }
        }
    }
}
