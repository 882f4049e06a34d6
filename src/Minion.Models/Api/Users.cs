namespace Minion.Models.Api;

/// <summary>Users as callers write them.</summary>
internal static class Users
{
    /// <summary>The principal of a user: a bare name is a user's, for example <c>ada</c> is <c>user:ada</c>; empty stays empty.</summary>
    public static string Principal(string given) => given.Length == 0 || given.Contains(':', StringComparison.Ordinal) ? given : $"user:{given}";
}
