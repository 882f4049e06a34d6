using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Models.V1;
using Minion.Data.Notifications;
using Minion.Models.Money;
using Minion.ServiceDefaults.Callers;
using Stored = Minion.Models.Money.Budget;

namespace Minion.Models.Api;

/// <summary>Budgets over gRPC.</summary>
internal sealed class BudgetService(BudgetStore store, BudgetCache cache, DatabaseNotifications notifications)
    : Minion.Contracts.Models.V1.BudgetService.BudgetServiceBase
{
    private const string Admin = "admin";
    private const int MostUses = 100;

    public override async Task<SetBudgetResponse> SetBudget(SetBudgetRequest request, ServerCallContext context)
    {
        var tenant = Administrator(context.GetCaller());
        var stored = await store.SetAsync(tenant, BudgetRequests.Read(request.Budget), context.CancellationToken);
        Tell(tenant);
        return new SetBudgetResponse { Budget = await OneAsync(tenant, stored.Id, context.CancellationToken) };
    }

    public override async Task<GetBudgetResponse> GetBudget(GetBudgetRequest request, ServerCallContext context) =>
        new() { Budget = await OneAsync(context.GetCaller().Tenant, BudgetRequests.Id(request.Id), context.CancellationToken) };

    public override async Task<ListBudgetsResponse> ListBudgets(ListBudgetsRequest request, ServerCallContext context) =>
        new() { Budgets = { await AllAsync(context.GetCaller().Tenant, context.CancellationToken) } };

    public override async Task<DeleteBudgetResponse> DeleteBudget(DeleteBudgetRequest request, ServerCallContext context)
    {
        var tenant = Administrator(context.GetCaller());
        var id = BudgetRequests.Id(request.Id);
        if (!await store.DeleteAsync(tenant, id, context.CancellationToken))
        {
            throw Missing(id);
        }

        Tell(tenant);
        return new DeleteBudgetResponse();
    }

    private static string Administrator(Caller caller) => caller.May(Admin)
        ? caller.Tenant
        : throw new Fault(
            StatusCode.PermissionDenied, "PERMISSION_DENIED", $"'{caller.Principal}' may not change budgets: that needs the permission '{Admin}'.", "Ask an administrator.");

    private static Fault Missing(Guid id) => Fault.NotFound("budget", id.ToString(), "ListBudgets gives the ids.");

    /// <summary>So that the next call keeps to it, here and in the other processes.</summary>
    private void Tell(string tenant)
    {
        cache.Forget(tenant);
        notifications.Publish(BudgetCache.Channel, tenant);
    }

    private async Task<Contracts.Models.V1.Budget> OneAsync(string tenant, Guid id, CancellationToken cancellationToken) =>
        (await AllAsync(tenant, cancellationToken)).FirstOrDefault(b => b.Id == id.ToString()) ?? throw Missing(id);

    private async Task<IReadOnlyList<Contracts.Models.V1.Budget>> AllAsync(string tenant, CancellationToken cancellationToken) =>
    [
        .. (await store.StatesAsync(tenant, cancellationToken)).GroupBy(s => s.Budget.Id)
            .Select(g => ToWire(g.First().Budget, [.. g.Where(s => s.Used != 0 || s.Reserved != 0).Take(MostUses)])),
    ];

    private static Contracts.Models.V1.Budget ToWire(Stored budget, IReadOnlyList<BudgetState> states) => new()
    {
        Id = budget.Id.ToString(),
        Scope = (Contracts.Models.V1.BudgetScope)budget.Scope,
        Subject = budget.Subject,
        Unit = (Contracts.Models.V1.BudgetUnit)budget.Unit,
        Period = (Contracts.Models.V1.BudgetPeriod)budget.Period,
        Amount = Numbers.Text(budget.Amount),
        Soft = !budget.Hard,
        WebhookUrl = budget.WebhookUrl,
        Uses =
        {
            states.Select(s => new BudgetUse
            {
                Subject = s.Subject,
                Used = Numbers.Text(s.Used),
                Reserved = Numbers.Text(s.Reserved),
                PeriodStartsAt = new DateTimeOffset(s.StartsOn, default, TimeSpan.Zero).ToTimestamp(),
                PeriodEndsAt = Periods.End(budget.Period, s.StartsOn)?.ToTimestamp(),
            }),
        },
    };
}
