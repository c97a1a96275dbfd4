// Values of charts by pointer and by keyboard; without scripts the table below a chart says them.
