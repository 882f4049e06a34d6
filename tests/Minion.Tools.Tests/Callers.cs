using Minion.Contracts.Callers;

namespace Minion.Tools.Tests;

internal static class Callers
{
    public static readonly Caller Ada = new(Caller.DefaultTenant, "user:ada", ["*"]);

    public static readonly Caller Guest = new(Caller.DefaultTenant, "user:guest", []);

    public static readonly Caller OfOtherTenant = new("other", "user:eve", ["*"]);
}
