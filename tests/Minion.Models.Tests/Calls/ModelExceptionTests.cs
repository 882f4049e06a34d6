namespace Minion.Models.Tests.Calls;

public sealed class ModelExceptionTests
{
    [Theory]
    [InlineData(ModelErrorKind.InvalidRequest, false, "INVALID_REQUEST")]
    [InlineData(ModelErrorKind.Refused, false, "REFUSED")]
    [InlineData(ModelErrorKind.OverBudget, false, "OVER_BUDGET")]
    [InlineData(ModelErrorKind.RateLimited, true, "RATE_LIMITED")]
    [InlineData(ModelErrorKind.Unavailable, true, "UNAVAILABLE")]
    [InlineData(ModelErrorKind.TimedOut, true, "TIMED_OUT")]
    [InlineData(ModelErrorKind.ContextOverflow, false, "CONTEXT_OVERFLOW")]
    [InlineData(ModelErrorKind.BadKey, false, "BAD_KEY")]
    [InlineData(ModelErrorKind.UnknownModel, false, "UNKNOWN_MODEL")]
    [InlineData(ModelErrorKind.WrongEndpoint, false, "WRONG_ENDPOINT")]
    [InlineData(ModelErrorKind.InvalidAnswer, true, "INVALID_ANSWER")]
    public void The_kind_decides_whether_another_attempt_makes_sense(ModelErrorKind kind, bool retryable, string reason)
    {
        var error = new ModelException(kind, "message", "hint");

        error.Retryable.ShouldBe(retryable);
        error.Reason.ShouldBe(reason);
    }
}
