using Microsoft.Extensions.Logging;

namespace Minion.Tools;

/// <summary>Everything that this project logs.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Error, "Tool {Tool} threw an exception")]
    public static partial void ToolThrew(this ILogger log, Exception exception, string tool);

    [LoggerMessage(2, LogLevel.Warning, "Tool {Tool} gave no result within {Timeout}; the call has ended without it")]
    public static partial void ToolTimedOut(this ILogger log, string tool, TimeSpan timeout);

    [LoggerMessage(20, LogLevel.Warning, "Source {Source} did not end properly")]
    public static partial void SourceNotEnded(this ILogger log, Exception exception, string source);

    [LoggerMessage(21, LogLevel.Warning, "Source {Source} of tenant {Tenant} does not say which tools it has: {Reason}")]
    public static partial void SourceNotListed(this ILogger log, Exception? exception, string tenant, string source, string reason);

    [LoggerMessage(22, LogLevel.Warning, "Source {Source} of tenant {Tenant} has a tool that is left out: {Reason}")]
    public static partial void SourceToolLeftOut(this ILogger log, string tenant, string source, string reason);

    [LoggerMessage(23, LogLevel.Warning, "The tools of tenant {Tenant} cannot be read anew; the ones from before are used")]
    public static partial void ToolsNotRead(this ILogger log, Exception exception, string tenant);

    [LoggerMessage(26, LogLevel.Error, "Source {Source} of tenant {Tenant} cannot be made")]
    public static partial void SourceNotMade(this ILogger log, Exception exception, string tenant, string source);

    [LoggerMessage(24, LogLevel.Warning, "A long result of tool {Tool} could not be kept aside")]
    public static partial void ResultNotKept(this ILogger log, Exception exception, string tool);

    [LoggerMessage(25, LogLevel.Warning, "Kept results whose time is over could not be removed; the next try follows in {Interval}")]
    public static partial void ResultsNotPruned(this ILogger log, Exception exception, TimeSpan interval);

    [LoggerMessage(3, LogLevel.Warning, "{Count} records of tool calls cannot be written; trying again in {Delay}")]
    public static partial void AuditIsBehind(this ILogger log, Exception exception, int count, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Error, "The record of call {Id} of tool {Tool} cannot be written and is left out")]
    public static partial void AuditRecordRefused(this ILogger log, Exception exception, Guid id, string tool);

    [LoggerMessage(5, LogLevel.Error, "{Count} records of tool calls could not be written before the end")]
    public static partial void AuditLost(this ILogger log, int count);

    [LoggerMessage(6, LogLevel.Information, "{Count} records of tool calls older than {Retention} have been removed")]
    public static partial void AuditPruned(this ILogger log, long count, TimeSpan retention);

    [LoggerMessage(7, LogLevel.Warning, "Old records of tool calls could not be removed; the next try follows in {Interval}")]
    public static partial void AuditNotPruned(this ILogger log, Exception exception, TimeSpan interval);

    [LoggerMessage(40, LogLevel.Information, "{Count} workspaces of the file tools in which nothing was written for {Retention} have been removed")]
    public static partial void WorkspacesSwept(this ILogger log, int count, TimeSpan retention);

    [LoggerMessage(41, LogLevel.Warning, "Old workspaces of the file tools could not be removed; the next try follows in {Interval}")]
    public static partial void WorkspacesNotSwept(this ILogger log, Exception exception, TimeSpan interval);

    [LoggerMessage(60, LogLevel.Information, "The browser ({Version}) has started")]
    public static partial void BrowserStarted(this ILogger log, string version);

    [LoggerMessage(61, LogLevel.Information, "The browser has ended: nothing has used it for a while")]
    public static partial void BrowserEnded(this ILogger log);

    [LoggerMessage(62, LogLevel.Warning, "The browser has died; it is started again, and the pages of runs are lost")]
    public static partial void BrowserDied(this ILogger log);

    [LoggerMessage(63, LogLevel.Warning, "Pages that nothing uses could not be closed")]
    public static partial void BrowserNotReclaimed(this ILogger log, Exception exception);

    [LoggerMessage(64, LogLevel.Warning, "The proxy of a program could not accept a connection")]
    public static partial void ProxyDidNotAccept(this ILogger log, Exception exception);

    [LoggerMessage(65, LogLevel.Error, "The proxy of a program failed")]
    public static partial void ProxyFailed(this ILogger log, Exception exception);

    [LoggerMessage(66, LogLevel.Error, "What the provider {Provider} tells of could not be read")]
    public static partial void ContextProviderFailed(this ILogger log, Exception exception, string provider);

    [LoggerMessage(130, LogLevel.Warning, "The MCP server of {Source} is gone, and is tried again in {Pause} at the earliest: {Reason}")]
    public static partial void McpServerEnded(this ILogger log, string source, string reason, TimeSpan pause);

    [LoggerMessage(131, LogLevel.Warning, "Some of what the MCP server of {Source} lists cannot be used. {Problems}")]
    public static partial void McpToolsLeftOut(this ILogger log, string source, string problems);

    [LoggerMessage(132, LogLevel.Debug, "The MCP server of {Source} wrote a line of {Length} bytes that is no message; it is left out")]
    public static partial void McpLineLeftOut(this ILogger log, string source, long length);

    [LoggerMessage(133, LogLevel.Warning, "The program of {Source} could not be ended")]
    public static partial void McpProcessNotEnded(this ILogger log, Exception exception, string source);

    [LoggerMessage(134, LogLevel.Debug, "The MCP server of {Source} could not be given an answer to its question")]
    public static partial void McpAnswerNotSent(this ILogger log, Exception exception, string source);

    [LoggerMessage(120, LogLevel.Information, "Code of agents runs in sandboxes made by {Bubblewrap}")]
    public static partial void SandboxReady(this ILogger log, string bubblewrap);

    [LoggerMessage(121, LogLevel.Warning, "{Problem} {Hint}")]
    public static partial void SandboxUnavailable(this ILogger log, string problem, string hint);

    [LoggerMessage(122, LogLevel.Information, "The files of {Count} sessions that were idle have been removed from the sandboxes' folder")]
    public static partial void SandboxHomesReclaimed(this ILogger log, int count);

    [LoggerMessage(123, LogLevel.Warning, "Files of idle sessions could not be removed from the sandboxes' folder; the next try follows in {Interval}")]
    public static partial void SandboxHomesNotReclaimed(this ILogger log, Exception exception, TimeSpan interval);

    [LoggerMessage(140, LogLevel.Warning, "It cannot be shown that this process lives: what it calls looks interrupted to others; the next try follows in {Pause}")]
    public static partial void CallOwnerLost(this ILogger log, Exception exception, TimeSpan pause);

    [LoggerMessage(141, LogLevel.Error, "{Tool} was not called: the call cannot be noted under its key")]
    public static partial void KeyedCallNotBegun(this ILogger log, Exception exception, string tool);

    [LoggerMessage(142, LogLevel.Error, "What became of a call of {Tool} cannot be noted under its key")]
    public static partial void KeyedCallNotKept(this ILogger log, Exception exception, string tool);

    [LoggerMessage(143, LogLevel.Warning, "Keys whose time is over could not be forgotten; the next try follows in {Interval}")]
    public static partial void KeyedCallsNotPruned(this ILogger log, Exception exception, TimeSpan interval);
}
