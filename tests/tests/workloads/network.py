"""PyTorch, with workers that load the data."""

import torch
from torch.utils.data import DataLoader, TensorDataset


def alone(rank):
    torch.rand(2)


def train():
    torch.manual_seed(1)
    x = torch.rand(2000, 8)
    y = (x.sum(dim=1) > 4).float()
    loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True, num_workers=2, persistent_workers=True)
    net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(4):
        for batch, target in loader:
            optimizer.zero_grad()
            loss = torch.nn.functional.binary_cross_entropy_with_logits(net(batch).squeeze(1), target)
            loss.backward()
            optimizer.step()
    assert loss.item() < 0.5
    torch.save(net.state_dict(), "/out/net.pt")


if __name__ == "__main__":
    train()
    torch.multiprocessing.spawn(alone, nprocs=2)
    print("trained")
