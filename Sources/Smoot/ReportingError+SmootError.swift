// SmootReporting imports nothing of smoot, so its errors are made to fit here.
extension ReportingError: SmootError {}
